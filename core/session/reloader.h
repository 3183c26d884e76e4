#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "model/workspace.h"
#include "sources/folder_watcher.h"

namespace coldframe::session {

class Run;

/// Hot reload: watches every function's code folder and the workspace file.
class Reloader {
public:
    explicit Reloader(Run& run);
    ~Reloader();
    void watch(const Workspace& workspace);
    void stop();
    /// Reads the workspace file and plans anew, as after a change of it.
    void readAgain();
    /// What is being planned rests on something that has changed: it is planned once more.
    void outdated() { m_readOnceMore = m_reading; }

private:
    struct Alive;
    struct Watched {
        std::unique_ptr<sources::FolderWatcher> watcher;
        bool starting = false;
    };
    void start(const std::string& folder);
    void changed(const std::string& folder);
    void checkFile();

    Run& m_run;
    std::shared_ptr<Alive> m_alive;
    std::map<std::string, Watched> m_folders; ///< by code folder
    std::string m_fileStamp;
    bool m_reading = false, m_readOnceMore = false, m_stopped = false;
    struct Timer;
    std::unique_ptr<Timer> m_timer;
};

} // namespace coldframe::session

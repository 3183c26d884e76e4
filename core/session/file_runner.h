#pragma once

#include <deque>
#include <filesystem>
#include <memory>

#include "session/loop_watch.h"
#include "session/trigger_set.h"
#include "sources/file_change.h"
#include "sources/file_event.h"
#include "sources/folder_watcher.h"

namespace coldframe::session {

/// Makes events of files. Reading them is done in the background, in order and a batch at a time;
/// when the journal cannot keep up, changes wait here.
class FileRunner final : public TriggerRunner {
public:
    FileRunner(Run& run, Trigger trigger, FileTrigger file, std::filesystem::path folder);
    ~FileRunner() override;

    void start() override;
    void stop() override;
    void beat() override;
    void ended(const live::Event& event) override;
    void backfill() override;
    void resume() override;
    bool busy() const override;
    void fill(TriggerView& view) const override;

private:
    struct Alive; ///< shared with work in the background; knows whether we still exist
    struct Change {
        sources::FileChange what;
        std::uint32_t hops = 0;
    };
    struct Ready {
        Change change;
        Result<std::string> event;
    };
    void started(Result<std::unique_ptr<sources::FolderWatcher>> watcher);
    void take();
    void offer(std::vector<sources::FileChange> changes);
    void pump();
    void submitSome();
    void pause(const std::string& why);
    sources::FileEventContext eventContext() const;
    void submit(const sources::FileChange& change, std::uint32_t hops, Result<std::string> event);

    Run& m_run;
    Trigger m_trigger;
    FileTrigger m_file;
    std::filesystem::path m_folder;
    std::shared_ptr<Alive> m_alive;
    std::unique_ptr<sources::FolderWatcher> m_watcher;
    std::deque<Change> m_pending;
    std::deque<Ready> m_ready; ///< read, and not submitted yet
    std::shared_ptr<sources::Sequencer> m_sequencer = std::make_shared<sources::Sequencer>();
    LoopWatch m_loop;
    std::string m_said; ///< the watcher's trouble that was told last
    bool m_starting = false, m_wanted = false;
    bool m_reading = false; ///< until all that was read is submitted
    bool m_paused = false, m_backfillWanted = false;
    std::uint64_t m_skipped = 0;
    mutable std::size_t m_presentSeen = 0; ///< what m_presentMatching was counted at
    mutable std::uint64_t m_presentMatching = 0;
};

} // namespace coldframe::session

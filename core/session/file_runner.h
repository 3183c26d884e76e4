#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>

#include "journal/journal.h"
#include "session/file_marks.h"
#include "session/loop_watch.h"
#include "session/trigger_filter.h"
#include "session/trigger_set.h"
#include "sources/file_change.h"
#include "sources/file_event.h"
#include "sources/folder_watcher.h"

namespace coldframe::session {

/// Makes events of files. Which state of each file it has made an event of, or found when it began,
/// is in the journal, written together with the event: what comes while it does not run is made up
/// for at its next start, once. Reading them is done in the background, in order and a batch at a
/// time; when the journal cannot keep up, changes wait here.
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
        std::uint32_t hops = 0; ///< functions its chain has run through, as far as is known
        std::uint32_t counted = 0; ///< by the watch for loops, which may have guessed
    };
    struct Ready {
        Change change;
        Result<std::string> event;
        std::optional<std::string> leftOut; ///< why it does not match the filter
    };
    using Watcher = std::unique_ptr<sources::FolderWatcher>;
    static Result<Watcher> begin(const FileMarks& marks, journal::Journal& journal,
                                 const std::filesystem::path& folder,
                                 sources::FolderWatcher::Options options);
    void started(Result<Watcher> watcher);
    void take();
    void offer(std::vector<sources::FileChange> changes);
    void pump();
    void submitSome();
    void pause(const std::string& why);
    sources::FileEventContext eventContext() const;
    void passOver(const Change& change);
    void submit(Ready ready);

    Run& m_run;
    Trigger m_trigger;
    FileTrigger m_file;
    TriggerFilter m_filter;
    std::filesystem::path m_folder;
    std::shared_ptr<Alive> m_alive;
    FileMarks m_marks;
    std::unique_ptr<sources::FolderWatcher> m_watcher;
    std::deque<Change> m_pending;
    std::deque<Ready> m_ready; ///< read, and not submitted yet
    std::shared_ptr<sources::Sequencer> m_sequencer = std::make_shared<sources::Sequencer>();
    LoopWatch m_loop;
    bool m_mounted = false; ///< as it is noted
    std::string m_said; ///< the watcher's trouble that was told last
    bool m_starting = false, m_wanted = false;
    std::optional<TimePoint> m_startAgain; ///< it could not, and does then
    bool m_reading = false; ///< until all that was read is submitted
    bool m_paused = false, m_backfillWanted = false;
    std::uint64_t m_skipped = 0;
    mutable std::size_t m_presentSeen = 0; ///< what m_presentMatching was counted at
    mutable std::uint64_t m_presentMatching = 0;
};

} // namespace coldframe::session

// What a run keeps on disk: the journal of accepted events and the recording.

#include "session/run.h"

#include <fmt/format.h>

#include "session/idle_skipper.h"
#include "session/queues.h"
#include "session/trigger_set.h"

namespace coldframe::session {

namespace {

std::string eventsText(std::size_t count)
{
    return fmt::format("{} event{}", count, count == 1 ? "" : "s");
}

} // namespace

/// Events of a time that is skipped are due at moments the next run will not see for days: they
/// have a journal of their own, which goes with the run.
std::filesystem::path Run::journalFile() const
{
    return m_options.skipIdle ? m_state->path() / "skipped.db" : m_state->journal();
}

void Run::removeSkippedJournal()
{
    std::error_code ignored;
    if (m_options.skipIdle)
        for (const char* part : {"", "-wal", "-shm"})
            std::filesystem::remove(journalFile().string() + part, ignored);
}

Result<void> Run::openJournal()
{
    removeSkippedJournal(); // of a run that was killed
    journal::JournalOptions options;
    options.durability
        = m_options.powerDurability ? journal::Durability::Power : journal::Durability::Process;
    options.onDurable = [this](std::span<const std::uint64_t> keys) {
        post([this, list = std::vector(keys.begin(), keys.end())] { durable(list); });
    };
    options.onMessages = [this](std::span<const std::uint64_t> keys) {
        post([this, list = std::vector(keys.begin(), keys.end())] { m_queues->durable(list); });
    };
    options.onState = [this](const std::optional<Error>& stalled) {
        post([this, stalled] {
            if (stalled)
                notice(*stalled, Notice::Severity::Error);
            else
                notice(Notice::Severity::Info, "The journal is written again");
        });
    };
    auto journal = journal::Journal::open(journalFile(), std::move(options));
    if (!journal)
        return tl::unexpected(journal.error());
    m_journal = std::move(*journal);
    if (m_journal->warning())
        notice(*m_journal->warning());
    auto pending = m_journal->pending();
    if (!pending)
        return tl::unexpected(pending.error());
    m_restored = std::move(*pending);
    return {};
}

history::RecordingHeader Run::recordingHeader() const
{
    history::RecordingHeader header;
    header.program = COLDFRAME_VERSION;
    header.startedAt = m_driver->now();
    header.seed = m_plan.configuration.seed;
    header.fidelity = nameOf(m_plan.configuration.fidelity);
    header.workspace = m_workspace->text;
    header.platform = m_plan.platformText;
    header.priceBook = m_plan.pricesText;
    for (const Function& function : m_workspace->functions)
        for (const auto& [name, value] : function.environment)
            header.environment.push_back(function.name + '.' + name);
    return header;
}

void Run::openRecording()
{
    if (!m_options.record)
        return;
    RecordingChain::Options options;
    options.folder = m_state->recordings();
    options.header = [this] { return recordingHeader(); };
    options.writer.onStopped = [this](const Error& error) {
        post([this, error] { notice(error, Notice::Severity::Error); });
    };
    options.limits = m_options.recordingLimits;
    if (m_skipper) { // both count its time, of which days pass in seconds
        options.limits.maxAge = Duration::max();
        options.writer.checkpointEvery = std::chrono::hours(1);
    }
    options.background = [this](std::function<void()> work) { inBackground(std::move(work)); };
    options.post = [this](std::function<void()> work) { post(std::move(work)); };
    options.trouble = [this](const Error& error) { notice(error); };
    options.resumed = [this](const std::filesystem::path& folder) {
        notice(Notice::Severity::Info,
               "This run is recorded again, from here on: " + folder.string());
    };
    if (auto begun = m_recorder.begin(std::move(options)); !begun)
        notice(Notice::Severity::Error, "This run is not recorded: " + describe(begun.error()));
}

void Run::restorePending()
{
    std::size_t unknown = 0;
    for (journal::JournalEntry& entry : m_restored) {
        const FunctionId function = m_workspace->functionId(entry.function);
        if (function == kNoFunction) {
            ++unknown;
            continue;
        }
        live::Event event;
        event.requestId = entry.requestId;
        event.body = std::make_shared<const std::string>(std::move(entry.body));
        event.acceptedAt = entry.acceptedAt;
        event.source = entry.trigger;
        event.sourceKey = entry.sourceKey;
        event.hops = entry.hops;
        event.journalKey = entry.key;
        event.trigger = m_triggers->indexOf(entry.trigger);
        m_board.event(m_driver->now(), event.trigger);
        m_driver->restore(function, std::move(event), entry.attemptsDone, entry.notBefore);
    }
    if (m_restored.size() > unknown)
        notice(Notice::Severity::Info,
               fmt::format("{} of the last run had not ended and {} delivered now",
                           eventsText(m_restored.size() - unknown),
                           m_restored.size() - unknown == 1 ? "is" : "are"));
    if (unknown > 0)
        notice(Notice::Severity::Warning,
               fmt::format("{} of the last run belong{} to functions that are no longer in the "
                           "workspace and stay{} in the journal",
                           eventsText(unknown), unknown == 1 ? "s" : "", unknown == 1 ? "s" : ""),
               "add the functions again, or delete .coldframe/journal.db to drop the events");
    m_restored.clear();
}

} // namespace coldframe::session

#include "session/file_runner.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "session/bucket_server.h"
#include "session/destinations.h"
#include "session/run.h"
#include "session/turn.h"

namespace coldframe::session {

namespace {
constexpr std::size_t kBatch = 64;
constexpr std::size_t kMaxPending = 200'000;
} // namespace

struct FileRunner::Alive {
    FileRunner* runner = nullptr; ///< only looked at on the live thread
};

FileRunner::FileRunner(Run& run, Trigger trigger, FileTrigger file, std::filesystem::path folder)
    : m_run(run), m_trigger(std::move(trigger)), m_file(std::move(file)), m_filter(run, m_trigger),
      m_folder(std::move(folder)), m_alive(std::make_shared<Alive>()),
      m_marks(m_trigger.name, m_file, m_folder), m_loop(static_cast<std::uint32_t>(kMaxHops))
{
    m_alive->runner = this;
}

FileRunner::~FileRunner()
{
    m_alive->runner = nullptr;
}

void FileRunner::start()
{
    m_wanted = true;
    if (m_watcher || m_starting)
        return;
    m_starting = true;
    sources::FolderWatcher::Options options;
    options.settle = std::chrono::milliseconds(m_file.settleMs);
    options.recursive = m_file.recursive || m_file.prefix.find('/') != std::string::npos;
    options.wake = [alive = m_alive, &run = m_run] {
        run.post([alive] {
            if (alive->runner)
                alive->runner->take();
        });
    };
    m_run.inBackground([alive = m_alive, &run = m_run, folder = m_folder,
                        options = std::move(options), marks = m_marks,
                        catchUp = m_file.catchUp]() mutable {
        auto watcher = std::make_shared<Result<Watcher>>(
            catchUp ? begin(marks, run.journal(), folder, std::move(options))
                    : sources::FolderWatcher::start(folder, std::move(options)));
        run.post([alive, watcher] {
            if (alive->runner)
                alive->runner->started(std::move(*watcher));
        });
    });
}

/// Watches, with what an earlier run knew. The first time, what is there is known and no more.
Result<FileRunner::Watcher> FileRunner::begin(const FileMarks& marks, journal::Journal& journal,
                                              const std::filesystem::path& folder,
                                              sources::FolderWatcher::Options options)
{
    if (const auto written = journal.flush(); !written)
        return tl::unexpected(written.error());
    const auto noted = journal.marks(marks.source());
    if (!noted)
        return tl::unexpected(noted.error());
    options.before = marks.read(*noted);
    const bool first = !options.before;
    auto watcher = sources::FolderWatcher::start(folder, std::move(options));
    if (watcher && first) {
        std::vector<SourceMark> news;
        for (const SourceMark& mark : *noted) // of files that are no longer wanted
            news.push_back(marks.without(mark.key));
        for (const sources::FileChange& change : (*watcher)->present())
            news.push_back(marks.of(change));
        news.push_back(marks.begin((*watcher)->status().mounted));
        journal.note(std::move(news));
    }
    return watcher;
}

void FileRunner::started(Result<Watcher> watcher)
{
    m_starting = false;
    if (!watcher) { // a full disk may be emptied: it is tried again
        if (std::exchange(m_said, watcher.error().message) != watcher.error().message)
            m_run.notice(watcher.error(), Notice::Severity::Error);
        m_startAgain = m_run.driver().now() + std::chrono::seconds(1);
        return;
    }
    m_said.clear();
    if (!m_wanted)
        return;
    m_watcher = std::move(*watcher);
    m_mounted = m_watcher->status().mounted;
    if (std::exchange(m_backfillWanted, false))
        backfill();
    if (m_run.skipper())
        m_watcher.reset(); // what comes now comes by the clock on the wall
    take();
}

void FileRunner::stop()
{
    m_wanted = false;
    m_startAgain.reset();
    m_watcher.reset();
}

void FileRunner::backfill()
{
    if (!m_watcher) {
        m_backfillWanted = true; // once the folder is known
        start();
        return;
    }
    offer(m_watcher->takePresent());
}

void FileRunner::resume()
{
    m_paused = false;
    m_loop.reset();
    for (Change& change : m_pending)
        change.hops = change.counted = 0;
    pump();
}

void FileRunner::ended(const live::Event& event)
{
    m_loop.ended(m_run.driver().now(), event.countedHops);
}

void FileRunner::beat()
{
    if (m_wanted && m_startAgain && m_run.driver().now() >= *m_startAgain) {
        m_startAgain.reset();
        start();
    }
    if (!m_paused && m_loop.beat(m_run.driver().now(), !m_pending.empty()))
        pause("each event of this trigger makes a new file in the folder that triggers it");
    pump();
}

void FileRunner::pause(const std::string& why)
{
    m_paused = true;
    m_run.notice(Notice::Severity::Error,
                 fmt::format("Trigger {} is paused after a chain of {} functions: {}",
                             m_trigger.name, kMaxHops, why),
                 "let the function write to another store; then resume the trigger or start again");
}

void FileRunner::take()
{
    if (!m_watcher)
        return;
    const sources::FolderStatus status = m_watcher->status();
    if (status.message != m_said) {
        m_said = status.message;
        if (!m_said.empty())
            m_run.notice(Notice::Severity::Warning, m_trigger.name + ": " + m_said, status.hint);
    }
    if (status.mounted != m_mounted && m_file.catchUp) {
        m_mounted = status.mounted;
        m_run.journal().note({m_marks.begin(m_mounted)});
    }
    if (m_pending.size() < kMaxPending) // else the watcher keeps them, and waits when it is full
        offer(m_watcher->drain());
}

void FileRunner::offer(std::vector<sources::FileChange> changes)
{
    std::vector<SourceMark> unwanted; // known all the same
    for (sources::FileChange& change : changes) {
        if (!sources::matches(m_file, change)) {
            if (m_file.catchUp && sources::matches(m_file, change.key))
                unwanted.push_back(m_marks.of(change));
            continue;
        }
        // What we stored ourselves is known; of the rest only the pattern can tell.
        const std::uint32_t hops = m_run.destinations().hopsOf(m_file.store, change.key);
        const std::uint32_t counted = hops > 0
            ? hops
            : std::min(m_loop.seen(m_run.driver().now()), static_cast<std::uint32_t>(kMaxHops) - 1);
        m_pending.push_back({std::move(change), hops, counted});
    }
    if (!unwanted.empty())
        m_run.journal().note(std::move(unwanted));
    pump();
}

sources::FileEventContext FileRunner::eventContext() const
{
    sources::FileEventContext context{
        m_trigger.name, m_file.store, m_folder, {}, m_file.onModified, {}};
    context.etag = [tell = m_run.buckets().etags(), store = m_file.store](const std::string& key) {
        return tell(store, key);
    };
    return context;
}

/// Reads the next batch, unless one is being read or the journal is full.
void FileRunner::pump()
{
    if (m_reading || m_pending.empty() || m_paused || m_run.congested())
        return;
    if (m_pending.front().hops >= static_cast<std::uint32_t>(kMaxHops)) {
        pause(m_pending.front().what.key + " is the result of one of its own results");
        return;
    }
    const std::size_t most = std::min(kBatch, m_loop.mayTake());
    if (most == 0)
        return;
    m_reading = true;
    auto batch = std::make_shared<std::vector<Change>>();
    while (!m_pending.empty() && batch->size() < most
           && m_pending.front().hops < static_cast<std::uint32_t>(kMaxHops)) {
        batch->push_back(std::move(m_pending.front()));
        m_loop.submitted(batch->back().counted);
        m_pending.pop_front();
    }
    const std::uint64_t maxBytes = m_run.driver().engine().configuration().platform.maxAsyncBytes;
    m_run.inBackground([alive = m_alive, &run = m_run, batch, maxBytes, shape = m_file.shape,
                        numbers = m_sequencer, now = m_run.driver().now(), context = eventContext(),
                        judge = m_filter.judge()] {
        auto made = std::make_shared<std::vector<Ready>>();
        made->reserve(batch->size());
        for (Change& change : *batch) {
            auto event = sources::fileEvent(shape, change.what, context, now, numbers->next(now),
                                            maxBytes);
            auto leftOut = event ? judge(*event) : std::nullopt;
            made->push_back({std::move(change), std::move(event), std::move(leftOut)});
        }
        run.post([alive, made] {
            if (!alive->runner)
                return;
            std::ranges::move(*made, std::back_inserter(alive->runner->m_ready));
            alive->runner->submitSome();
        });
    });
}

void FileRunner::submitSome()
{
    for (const Turn turn; !m_ready.empty() && !turn.over(); m_ready.pop_front())
        submit(std::move(m_ready.front()));
    if (!m_ready.empty()) {
        m_run.post([alive = m_alive] {
            if (alive->runner)
                alive->runner->submitSome();
        });
        return;
    }
    m_reading = false;
    pump();
}

/// No event comes of it, at the next start neither.
void FileRunner::passOver(const Change& change)
{
    m_loop.ended(m_run.driver().now(), change.counted);
    if (m_file.catchUp)
        m_run.journal().note({m_marks.of(change.what)});
}

void FileRunner::submit(Ready ready)
{
    const sources::FileChange& change = ready.change.what;
    if (ready.leftOut) {
        passOver(ready.change);
        m_filter.leaveOut(change.key, *ready.leftOut);
        return;
    }
    if (!ready.event) {
        ++m_skipped;
        passOver(ready.change);
        m_run.notice(ready.event.error(), Notice::Severity::Warning);
        return;
    }
    live::Event event;
    event.body = std::make_shared<const std::string>(std::move(*ready.event));
    event.trigger = m_run.triggers().indexOf(m_trigger.name);
    event.source = m_trigger.name;
    event.sourceKey = change.key;
    event.hops = ready.change.hops;
    event.countedHops = ready.change.counted;
    if (m_file.catchUp)
        event.marks = {m_marks.of(change)};
    const FunctionId function = m_run.workspace()->functionId(m_trigger.function);
    if (function == kNoFunction)
        return;
    if (auto refused = m_run.submit(function, engine::Delivery::Async, std::move(event))) {
        ++m_skipped;
        passOver(ready.change);
        refused->file = (m_folder / change.key).string();
        m_run.notice(*refused, Notice::Severity::Warning);
    }
}

bool FileRunner::busy() const
{
    if (m_starting || m_reading)
        return true;
    if (m_paused)
        return false;
    const bool hearsOfWrites = m_file.onCreated || m_file.onModified;
    // A file that settles or is being written is an event to come.
    const auto wanted = [this](const std::string& key) { return sources::matches(m_file, key); };
    return !m_pending.empty() || (m_watcher && hearsOfWrites && m_watcher->awaits(wanted));
}

void FileRunner::fill(TriggerView& view) const
{
    view.paused = m_paused;
    if (m_watcher) {
        if (const std::size_t present = m_watcher->presentCount(); present != m_presentSeen) {
            m_presentSeen = present;
            const auto all = m_watcher->present();
            m_presentMatching = static_cast<std::uint64_t>(
                std::ranges::count_if(all, [this](const sources::FileChange& change) {
                    return sources::matches(m_file, change);
                }));
        }
        view.alreadyThere = m_presentMatching;
    }
    if (m_paused)
        view.message
            = fmt::format("Paused: a chain of {} functions wrote into this folder. Let the "
                          "function write elsewhere, or resume",
                          kMaxHops);
    else if (!m_said.empty())
        view.message = m_said;
    else if (m_skipped > 0)
        view.message = fmt::format("{} files could not become events: see the notices", m_skipped);
}

} // namespace coldframe::session

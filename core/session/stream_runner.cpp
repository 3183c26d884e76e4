#include "session/stream_runner.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "session/destinations.h"
#include "session/run.h"
#include "session/stream_failure.h"
#include "sources/stream_event.h"

namespace coldframe::session {

namespace {

/// Of the JSON around the items of a batch.
constexpr std::size_t kAround = 64;
constexpr Duration kFirstPause = std::chrono::milliseconds(200); // an assumption
constexpr Duration kLongestPause = std::chrono::seconds(30); // likewise
constexpr auto kPositionKey = "position";

/// Records become parts of an event; what cannot is told of and left out.
void addItem(const StreamTrigger& stream, const sources::StreamRecord& record, std::size_t most,
             std::vector<std::string>& told, std::string& text)
{
    sources::StreamItem item = stream.shape == StreamTrigger::Shape::Kinesis
        ? sources::kinesisItem(stream, record)
        : sources::rowItem(stream, record);
    if (item.text.size() > most)
        item = {.text = {},
                .problem = fmt::format("record {} makes an event of {} bytes, {} are the most",
                                       record.sequence, item.text.size(), most)};
    if (item.text.empty())
        told.push_back(stream.path.string() + ": " + item.problem + "; it is left out");
    text = std::move(item.text);
}

} // namespace

struct StreamRunner::Alive {
    StreamRunner* runner = nullptr; ///< only looked at on the live thread
};

StreamRunner::StreamRunner(Run& run, Trigger trigger, StreamTrigger stream)
    : m_run(run), m_trigger(std::move(trigger)), m_stream(std::move(stream)),
      m_alive(std::make_shared<Alive>())
{
    m_alive->runner = this;
}

StreamRunner::~StreamRunner()
{
    m_alive->runner = nullptr;
}

void StreamRunner::start()
{
    if (std::exchange(m_started, true))
        return;
    if (!m_tail)
        open();
    else
        read();
}

/// A batch that is under way ends, and no other is sent.
void StreamRunner::stop()
{
    m_started = false;
}

/// Where the last run stopped.
void StreamRunner::open()
{
    m_reading = true;
    m_run.inBackground([alive = m_alive, &run = m_run, stream = m_stream,
                        source = markSource(m_trigger.name, m_stream)] {
        std::optional<sources::StreamPosition> position;
        std::optional<Error> error;
        if (const auto flushed = run.journal().flush(); !flushed)
            error = flushed.error();
        const auto marks = run.journal().marks(source);
        if (!marks)
            error = marks.error();
        else if (!marks->empty())
            position = sources::parsePosition(marks->front().value);
        auto tail = std::make_shared<sources::StreamTail>(
            sources::StreamTail::Options{
                .path = stream.path,
                .csv = stream.format == StreamTrigger::Format::Csv,
                .fromStart = stream.start == StreamTrigger::Start::TrimHorizon || position,
                .maxRecordBytes = kMaxStreamBatchBytes},
            position);
        run.post([alive, tail, error] {
            StreamRunner* const runner = alive->runner;
            if (!runner)
                return;
            runner->m_reading = false;
            if (error) {
                // To begin anew would repeat or lose what was done: it is tried again.
                if (std::exchange(runner->m_problem, error->message) != error->message)
                    runner->m_run.notice(*error, Notice::Severity::Error);
                return;
            }
            runner->m_tail = tail;
            runner->read();
        });
    });
}

void StreamRunner::note(const sources::StreamPosition& position)
{
    m_run.journal().note(
        {{markSource(m_trigger.name, m_stream), kPositionKey, sources::textOf(position)}});
}

void StreamRunner::beat()
{
    const TimePoint now = m_run.driver().now();
    if (!m_batch.items.empty()) {
        if (m_started && !m_batch.underWay && now >= m_batch.notBefore)
            isTooOld(now) ? giveUp("RecordAgeExceeded") : send();
        return;
    }
    if (m_started && !m_tail && !m_reading)
        open();
    else if (m_started && isReady())
        makeBatch();
    else
        read();
}

/// Of an event, as a function takes it synchronously.
std::size_t StreamRunner::mostBytes() const
{
    const std::size_t platform = m_run.driver().engine().configuration().platform.maxSyncBytes;
    return std::min(platform > 0 ? platform : kMaxStreamBatchBytes, kMaxStreamBatchBytes);
}

void StreamRunner::read()
{
    if (!m_started || m_reading || !m_tail || !m_batch.items.empty() || m_run.congested())
        return;
    m_reading = true;
    const auto count = static_cast<std::size_t>(m_stream.batchSize) - m_items.size();
    const std::size_t most = mostBytes();
    const std::size_t bytes = most - std::min(m_itemBytes, most);
    // A look at a file that does not grow is nothing to wait for.
    m_run.aside([alive = m_alive, &run = m_run, tail = m_tail, stream = m_stream, count, bytes,
                 most] {
        auto step = std::make_shared<Step>();
        auto reading
            = tail->read(count, std::max<std::size_t>(bytes, 1), std::chrono::steady_clock::now());
        step->told = std::move(reading.told);
        for (const sources::StreamRecord& record : reading.records) {
            std::string text;
            addItem(stream, record, most - kAround - 1, step->told, text);
            if (!text.empty())
                step->items.push_back(
                    {std::move(text), record.sequence, record.arrival, record.after});
        }
        step->began = reading.began;
        step->after = tail->position();
        step->problem = tail->problem();
        step->more = reading.more;
        run.post([alive, step] {
            if (alive->runner)
                alive->runner->taken(std::move(*step));
        });
    });
}

void StreamRunner::taken(Step step)
{
    m_reading = false;
    m_looked = true;
    m_more = step.more;
    if (step.began)
        note(*step.began);
    if (step.problem != m_problem)
        m_run.changed();
    m_problem = std::move(step.problem);
    for (std::string& told : step.told) {
        ++m_leftOut;
        m_run.notice(Notice::Severity::Warning, m_trigger.name + ": " + told);
    }
    const TimePoint now = m_run.driver().now();
    if (m_items.empty())
        m_firstAt = now;
    for (Item& item : step.items) {
        m_itemBytes += item.text.size() + 1;
        m_items.push_back(std::move(item));
    }
    const bool moved = step.after.offset != m_after.offset || step.after.file != m_after.file;
    m_after = std::move(step.after);
    if (m_items.empty() && moved)
        note(m_after); // nothing of it is to be processed
    if (m_started && isReady())
        makeBatch();
    else if (m_more)
        read();
}

bool StreamRunner::isReady() const
{
    if (m_items.empty())
        return false;
    return m_items.size() >= static_cast<std::size_t>(m_stream.batchSize)
        || m_itemBytes + kAround >= mostBytes()
        || (!m_more
            && m_run.driver().now() - m_firstAt >= std::chrono::seconds(m_stream.batchWindowS));
}

/// As many as fit into an event; what is left makes the next one.
void StreamRunner::makeBatch()
{
    m_batch = {};
    std::size_t bytes = kAround;
    const std::size_t most = mostBytes();
    while (!m_items.empty()
           && (m_batch.items.empty() || bytes + m_items.front().text.size() + 1 <= most)) {
        bytes += m_items.front().text.size() + 1;
        m_itemBytes -= m_items.front().text.size() + 1;
        m_batch.items.push_back(std::move(m_items.front()));
        m_items.pop_front();
    }
    std::vector<std::string> texts;
    for (Item& item : m_batch.items)
        texts.push_back(std::move(item.text));
    m_batch.body = std::make_shared<const std::string>(sources::streamEvent(m_stream.shape, texts));
    if (isTooOld(m_run.driver().now()))
        giveUp("RecordAgeExceeded");
    else
        send();
}

void StreamRunner::send()
{
    const FunctionId function = m_run.workspace()->functionId(m_trigger.function);
    if (function == kNoFunction)
        return;
    live::Event event;
    event.body = m_batch.body;
    event.trigger = m_run.triggers().indexOf(m_trigger.name);
    event.source = m_trigger.name;
    event.sourceKey = fmt::format("{}:{}-{}", m_stream.path.filename().string(),
                                  m_batch.items.front().sequence, m_batch.items.back().sequence);
    event.done = [alive = m_alive](const live::Ending& ending) {
        if (alive->runner)
            alive->runner->ended(ending);
    };
    m_batch.underWay = true;
    if (auto refused = m_run.submit(function, engine::Delivery::Sync, std::move(event))) {
        m_batch.underWay = false;
        if (m_batch.error != refused->message)
            m_run.notice(*refused, Notice::Severity::Warning);
        m_batch.error = refused->message;
        backOff(m_run.driver().now(), ++m_batch.refusals);
    }
}

void StreamRunner::backOff(TimePoint now, int times)
{
    const Duration pause = std::min(kFirstPause * (1 << std::min(times - 1, 10)), kLongestPause);
    const double scale = m_run.workspace()->timeScale;
    m_batch.notBefore
        = now + Duration(static_cast<std::int64_t>(static_cast<double>(pause.count()) / scale));
}

/// Told by the driver in the middle of its work: what follows waits for its turn.
void StreamRunner::ended(const live::Ending& ending)
{
    m_batch.underWay = false;
    const TimePoint now = m_run.driver().now();
    if (ending.reject) { // throttled: that is no try
        m_batch.error = "throttled";
        backOff(now, ++m_batch.refusals);
        return;
    }
    if (!ending.meter || !ending.report)
        return;
    ++m_batch.attempts;
    m_batch.refusals = 0;
    m_batch.requestId = ending.event->requestId;
    m_batch.result = ending.report->payload;
    m_batch.error = ending.report->errorType;
    const bool succeeded = ending.meter->outcome == engine::Outcome::Succeeded;
    m_run.post([alive = m_alive, succeeded, now] {
        if (!alive->runner)
            return;
        if (succeeded)
            alive->runner->done();
        else
            alive->runner->failed(now);
    });
}

void StreamRunner::failed(TimePoint now)
{
    const int most = m_stream.maximumRetryAttempts;
    if (most >= 0 && m_batch.attempts > static_cast<std::uint32_t>(most))
        return giveUp("RetryAttemptsExhausted");
    if (isTooOld(now))
        return giveUp("RecordAgeExceeded");
    if (m_batch.attempts == 1)
        m_run.notice(Notice::Severity::Warning,
                     fmt::format("{}: records {} to {} failed ({}); no later ones are handed over "
                                 "until they succeed",
                                 m_trigger.name, m_batch.items.front().sequence,
                                 m_batch.items.back().sequence, m_batch.error),
                     "correct the function, or set maximumRetryAttempts");
    backOff(now, static_cast<int>(std::min(m_batch.attempts, 20U)));
}

bool StreamRunner::isTooOld(TimePoint now) const
{
    return m_stream.maximumRecordAgeS >= 0
        && now - m_batch.items.front().arrival > std::chrono::seconds(m_stream.maximumRecordAgeS);
}

/// The stream goes on once what failed is kept.
void StreamRunner::giveUp(const char* condition)
{
    m_batch.underWay = true; // until it is
    const FunctionId function = m_run.workspace()->functionId(m_trigger.function);
    const Function* const target
        = function == kNoFunction ? nullptr : &m_run.workspace()->functions[function];
    const FailedBatch batch{
        .trigger = m_trigger.name,
        .function = m_trigger.function,
        .requestId = m_batch.requestId,
        .condition = condition,
        .attempts = m_batch.attempts,
        .stream = sources::streamName(m_stream.path),
        .firstSequence = m_batch.items.front().sequence,
        .lastSequence = m_batch.items.back().sequence,
        .firstArrival = m_batch.items.front().arrival,
        .lastArrival = m_batch.items.back().arrival,
        .size = m_batch.items.size(),
        .failedInside = !m_batch.error.empty() && m_batch.attempts > 0,
        .body = *m_batch.body,
    };
    m_run.notice(Notice::Severity::Warning,
                 fmt::format("{}: records {} to {} are given up: {}", m_trigger.name,
                             batch.firstSequence, batch.lastSequence, condition),
                 target && target->onFailure ? "" : "set onFailure to keep such records");
    const auto kept = [alive = m_alive] {
        if (alive->runner)
            alive->runner->done();
    };
    if (!target || !target->onFailure)
        return kept();
    m_run.destinations().keep(
        *target->onFailure, function, failureRecord(batch, m_run.driver().now()),
        fmt::format("{}-{}-{}", m_trigger.name, batch.firstSequence, batch.lastSequence), kept);
}

void StreamRunner::done()
{
    note(m_items.empty() ? m_after : m_batch.items.back().after);
    m_batch = {};
    m_run.changed();
    if (m_started && isReady())
        makeBatch();
    else
        read();
}

bool StreamRunner::busy() const
{
    return m_started && (!m_looked || m_more || !m_batch.items.empty() || !m_items.empty());
}

void StreamRunner::fill(TriggerView& view) const
{
    if (!m_batch.items.empty() && !m_batch.error.empty())
        view.message
            = fmt::format("Records {} to {} wait: {} ({} attempt{})",
                          m_batch.items.front().sequence, m_batch.items.back().sequence,
                          m_batch.error, m_batch.attempts, m_batch.attempts == 1 ? "" : "s");
    else if (!m_problem.empty())
        view.message = m_problem;
    else if (m_leftOut > 0)
        view.message = fmt::format("{} things to know about the file: see the notices", m_leftOut);
}

} // namespace coldframe::session

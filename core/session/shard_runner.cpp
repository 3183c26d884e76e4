#include "session/shard_runner.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/batch_answer.h"
#include "model/workspace_limits.h"
#include "session/destinations.h"
#include "session/run.h"
#include "session/shard_failure.h"
#include "session/trigger_set.h"

namespace coldframe::session {

namespace {

using Shard = engine::Shard;

/// Of the JSON around the records of an event, and around the state of a window.
constexpr std::size_t kAroundRecords = 64, kAroundState = 1024;
constexpr auto kPositionKey = "position";
constexpr auto kWindowKey = "window";

const char* conditionOf(Shard::Reason reason)
{
    return reason == Shard::Reason::RecordAgeExceeded ? "RecordAgeExceeded"
                                                      : "RetryAttemptsExhausted";
}

} // namespace

struct ShardRunner::Alive {
    ShardRunner* runner = nullptr; ///< only looked at on the live thread
};

ShardRunner::ShardRunner(Run& run, const Trigger& trigger, const ShardRules& rules, Source source)
    : m_run(run), m_trigger(trigger), m_rules(rules), m_source(std::move(source)),
      m_filter(run, trigger), m_alive(std::make_shared<Alive>()), m_shard(rules, limits()),
      m_batches(static_cast<std::size_t>(rules.parallelizationFactor)), m_state("{}")
{
    m_alive->runner = this;
}

ShardRunner::~ShardRunner()
{
    m_alive->runner = nullptr;
}

Result<ShardMarks> ShardRunner::readMarks(Run& run, const std::string& markSource)
{
    if (const auto flushed = run.journal().flush(); !flushed)
        return tl::unexpected(flushed.error());
    const auto marks = run.journal().marks(markSource);
    if (!marks)
        return tl::unexpected(marks.error());
    ShardMarks found;
    for (const SourceMark& mark : *marks) {
        if (mark.key == kPositionKey)
            found.position = mark.value;
        else if (mark.key == kWindowKey)
            found.window = mark.value;
    }
    return found;
}

void ShardRunner::resume(const ShardMarks& marks)
{
    m_noted = marks;
    const auto window = parseWindow(marks.window);
    if (m_rules.tumblingWindowS == 0 || !window)
        return;
    m_state = window->state;
    m_shard.resume(window->mark, m_state.size() > kMaxWindowState);
}

void ShardRunner::noteBeginning(const std::string& position)
{
    m_noted.position = position;
    m_run.journal().note({{m_source.markSource, kPositionKey, position}});
}

void ShardRunner::start()
{
    m_started = true;
    pump();
}

void ShardRunner::stop()
{
    m_started = false;
}

void ShardRunner::beat()
{
    pump();
}

/// Of an event, as a function takes it synchronously.
std::size_t ShardRunner::mostBytes() const
{
    const std::size_t platform = m_run.driver().engine().configuration().platform.maxSyncBytes;
    return std::min(platform > 0 ? platform : kMaxStreamBatchBytes, kMaxStreamBatchBytes);
}

engine::ShardLimits ShardRunner::limits() const
{
    return {.maxBatchBytes = maxRecordBytes() + 1, .timeScale = m_run.workspace()->timeScale};
}

std::size_t ShardRunner::maxRecordBytes() const
{
    const std::size_t around
        = kAroundRecords + (m_rules.tumblingWindowS > 0 ? kMaxWindowState + kAroundState : 0);
    return mostBytes() - std::min(around, mostBytes());
}

Shard::Room ShardRunner::room() const
{
    return m_run.congested() ? Shard::Room{} : m_shard.room();
}

void ShardRunner::take(ShardReading reading)
{
    m_shard.limit(limits());
    const TimePoint now = m_run.driver().now();
    const std::size_t most = maxRecordBytes();
    for (ShardRecord& record : reading.records) {
        if (record.label.empty())
            record.label = record.sequence;
        if (record.unusable.empty() && record.filteredOut.empty() && record.json.size() > most)
            record.unusable = fmt::format("record {} makes an event of {} bytes, {} are the most",
                                          record.label, record.json.size(), most);
        if (!record.unusable.empty()) {
            ++m_leftOut;
            m_run.notice(Notice::Severity::Warning,
                         fmt::format("{}: {}; it is left out", m_trigger.name, record.unusable));
        } else if (!record.filteredOut.empty()) {
            m_filter.leaveOut("record " + record.label, record.filteredOut);
        }
        const bool done = !record.unusable.empty() || !record.filteredOut.empty();
        if (done)
            record.json.clear();
        m_shard.add(now,
                    {.bytes = static_cast<std::uint32_t>(record.json.size() + 1),
                     .arrival = record.arrival,
                     .key = record.key,
                     .done = done});
        m_after = record.after;
        m_items.push_back({std::move(record.sequence), std::move(record.label),
                           std::move(record.json), std::move(record.after), record.arrival});
    }
    if (!reading.after.empty())
        m_after = std::move(reading.after);
    m_shard.looked(reading.lookedAt, reading.more);
    advance({});
    pump();
}

/// Hands over what may go now.
void ShardRunner::pump()
{
    if (!m_started || std::exchange(m_pumping, true))
        return;
    m_shard.limit(limits());
    while (auto order = m_shard.next(m_run.driver().now())) {
        Batch& batch = m_batches[order->lane];
        batch.order = std::move(*order);
        batch.attempts = batch.order.attempts;
        batch.order.giveUp ? giveUp(batch) : send(batch);
    }
    m_pumping = false;
}

std::string ShardRunner::bodyOf(const Shard::Order& order) const
{
    const bool bare = m_source.listAlone && !order.window;
    std::string text = bare ? "[" : R"({"Records":[)";
    for (std::size_t i = 0; i < order.records.size(); ++i) {
        if (i > 0)
            text += ',';
        text += item(order.records[i]).json;
    }
    text += ']';
    if (order.window)
        text += windowMembers(*order.window, m_state, m_source.shardId, m_source.arn);
    if (!bare)
        text += '}';
    return text;
}

/// "3-4", as in the names of files.
std::string ShardRunner::nameOf(const Shard::Order& order) const
{
    if (order.records.empty())
        return fmt::format(
            "window-{}",
            std::chrono::duration_cast<std::chrono::seconds>(order.window->end.time_since_epoch())
                .count());
    return item(order.records.front()).label + '-' + item(order.records.back()).label;
}

std::string ShardRunner::recordsText(const Shard::Order& order) const
{
    if (order.records.empty())
        return "the end of a window";
    if (order.records.size() == 1)
        return "record " + item(order.records.front()).label;
    return fmt::format("records {} to {}", item(order.records.front()).label,
                       item(order.records.back()).label);
}

void ShardRunner::send(Batch& batch)
{
    const std::uint32_t lane = batch.order.lane;
    const FunctionId function = m_run.workspace()->functionId(m_trigger.function);
    live::Event event;
    event.body = std::make_shared<const std::string>(bodyOf(batch.order));
    event.trigger = m_run.triggers().indexOf(m_trigger.name);
    event.source = m_trigger.name;
    event.sourceKey = m_source.name + ':' + nameOf(batch.order);
    event.done = [alive = m_alive, lane](const live::Ending& ending) {
        if (alive->runner)
            alive->runner->ended(lane, ending);
    };
    std::optional<Error> refused;
    if (function == kNoFunction)
        refused = Error{.code = Error::Code::Missing,
                        .message = "there is no function " + m_trigger.function};
    else
        refused = m_run.submit(function, engine::Delivery::Sync, std::move(event));
    if (!refused)
        return;
    if (std::exchange(batch.error, refused->message) != refused->message)
        m_run.notice(*refused, Notice::Severity::Warning);
    m_shard.ended(m_run.driver().now(), lane, {.end = Shard::End::Throttled});
}

/// Told by the driver in the middle of its work: what follows waits for its turn.
void ShardRunner::ended(std::uint32_t lane, const live::Ending& ending)
{
    const TimePoint now = m_run.driver().now();
    Batch& batch = m_batches[lane];
    if (ending.reject) { // throttled: that is no try
        batch.error = "throttled";
        m_shard.ended(now, lane, {.end = Shard::End::Throttled});
        return;
    }
    if (!ending.meter || !ending.report)
        return;
    batch.requestId = ending.event->requestId;
    batch.error = ending.report->errorType;
    const bool succeeded = ending.meter->outcome == engine::Outcome::Succeeded;
    m_run.post([alive = m_alive, lane, now, succeeded, payload = ending.report->payload] {
        if (alive->runner)
            alive->runner->answered(lane, now, succeeded, payload);
    });
}

void ShardRunner::answered(std::uint32_t lane, TimePoint at, bool succeeded,
                           const live::Text& payload)
{
    Batch& batch = m_batches[lane];
    batch.functionFailed = !succeeded;
    Shard::Answer answer{.end = Shard::End::Failed};
    if (succeeded)
        answer = read(batch, payload ? *payload : std::string());
    ++batch.attempts;
    if (answer.end == Shard::End::Succeeded)
        batch.error.clear();
    else
        tellFailure(batch);
    const std::vector<Place> records = batch.order.records;
    m_shard.ended(at, lane, answer);
    if (records.empty() && answer.end == Shard::End::Succeeded)
        m_state = "{}";
    advance(records);
    goOn();
}

/// What a function that did not fail has to say.
Shard::Answer ShardRunner::read(Batch& batch, const std::string& text)
{
    Shard::Answer answer;
    std::optional<std::string> state;
    const auto unusable = [&](std::string problem) {
        batch.error = std::move(problem);
        return Shard::Answer{.end = Shard::End::Failed};
    };
    if (batch.order.window) {
        auto found = stateOf(text, mostBytes() - std::min(kAroundState, mostBytes()));
        if (!found)
            return unusable(found.error().message);
        state = std::move(*found);
        answer.stateTooLarge = state->size() > kMaxWindowState;
    }
    if (m_rules.reportBatchItemFailures && !batch.order.records.empty()) {
        std::vector<std::string> sequences;
        for (const Place place : batch.order.records)
            sequences.push_back(item(place).sequence);
        const BatchAnswer said = readBatchAnswer(text, sequences);
        if (said.kind == BatchAnswer::Kind::Unusable)
            return unusable(said.problem);
        if (said.kind == BatchAnswer::Kind::SomeFailed) {
            answer.end = Shard::End::SomeFailed;
            answer.firstFailed = said.failed.front();
            batch.error = "the function named it in batchItemFailures";
        }
    }
    if (state)
        m_state = std::move(*state);
    return answer;
}

/// Once a batch; of batches that are halved until one record is left, that one.
void ShardRunner::tellFailure(const Batch& batch)
{
    const Shard::Order& order = batch.order;
    if (order.attempts > 0 || (m_rules.bisectBatchOnFunctionError && order.records.size() > 1))
        return;
    const bool forever = m_rules.maximumRetryAttempts < 0;
    m_run.notice(Notice::Severity::Warning,
                 fmt::format("{}: {} failed ({}); no later ones are handed over until that is done",
                             m_trigger.name, recordsText(order), batch.error),
                 forever ? "correct the function, or set maximumRetryAttempts" : "");
}

/// The shard goes on once what failed is kept.
void ShardRunner::giveUp(Batch& batch)
{
    const Shard::Order& order = batch.order;
    const Item& first = item(order.records.front());
    const Item& last = item(order.records.back());
    const FunctionId function = m_run.workspace()->functionId(m_trigger.function);
    const Function* const target
        = function == kNoFunction ? nullptr : &m_run.workspace()->functions[function];
    const FailedBatch failed{
        .function = m_trigger.function,
        .requestId = batch.requestId,
        .condition = conditionOf(*order.giveUp),
        .attempts = order.attempts,
        .batchInfo = m_source.batchInfo,
        .arn = m_source.arn,
        .shardId = m_source.shardId,
        .firstSequence = first.sequence,
        .lastSequence = last.sequence,
        .firstArrival = first.arrival,
        .lastArrival = last.arrival,
        .size = order.records.size(),
        .functionFailed = batch.functionFailed,
        .body = bodyOf(order),
    };
    m_run.notice(Notice::Severity::Warning,
                 fmt::format("{}: {} {} given up: {}", m_trigger.name, recordsText(order),
                             order.records.size() == 1 ? "is" : "are", failed.condition),
                 target && target->onFailure ? "" : "set onFailure to keep such records");
    const auto kept = [alive = m_alive, lane = order.lane] {
        ShardRunner* const self = alive->runner;
        if (!self)
            return;
        Batch& done = self->m_batches[lane];
        self->m_shard.givenUp(lane);
        done.error.clear();
        done.requestId.clear();
        self->advance(done.order.records);
        self->goOn();
    };
    if (!target || !target->onFailure)
        return kept();
    m_run.destinations().keep(*target->onFailure, function,
                              failureRecord(failed, m_run.driver().now()),
                              m_trigger.name + '-' + nameOf(order), kept);
}

/// After some records may be done: lets go of them and keeps how far it is.
void ShardRunner::advance(const std::vector<Place>& touched)
{
    for (const Place place : touched)
        if (place >= m_begin && m_shard.isDone(place))
            std::string().swap(item(place).json);
    ShardMarks marks = m_noted;
    const bool moved = m_begin < m_shard.begin();
    while (m_begin < m_shard.begin()) {
        marks.position = std::move(m_items.front().after);
        m_items.pop_front();
        ++m_begin;
    }
    if (m_items.empty() && !m_after.empty())
        marks.position = m_after;
    marks.window.clear();
    if (m_rules.tumblingWindowS > 0)
        marks.window = windowText({m_shard.window(), m_state});
    if (marks.position == m_noted.position && marks.window == m_noted.window)
        return;
    std::vector<SourceMark> changed;
    if (marks.position && marks.position != m_noted.position)
        changed.push_back({m_source.markSource, kPositionKey, *marks.position});
    if (marks.window != m_noted.window)
        changed.push_back({m_source.markSource, kWindowKey, marks.window});
    m_noted = std::move(marks);
    m_run.journal().note(std::move(changed));
    if (moved)
        m_run.changed();
    if (m_onCheckpoint && m_noted.position)
        m_onCheckpoint(*m_noted.position);
}

void ShardRunner::goOn()
{
    pump();
    if (m_started && m_onRoom && room().records > 0)
        m_onRoom();
}

bool ShardRunner::busy() const
{
    return m_started && (m_shard.begin() < m_shard.end() || m_shard.window().open);
}

void ShardRunner::fill(TriggerView& view) const
{
    for (const Batch& batch : m_batches) {
        const Shard::Order& order = batch.order;
        if (batch.error.empty() || (!order.records.empty() && order.records.front() < m_begin))
            continue;
        std::string text = recordsText(order);
        text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
        view.message = fmt::format("{} {}: {} ({} attempt{})", text,
                                   order.records.size() > 1 ? "wait" : "waits", batch.error,
                                   batch.attempts, batch.attempts == 1 ? "" : "s");
        return;
    }
    if (m_leftOut > 0)
        view.message
            = fmt::format("{} records could not be handed over: see the notices", m_leftOut);
}

} // namespace coldframe::session

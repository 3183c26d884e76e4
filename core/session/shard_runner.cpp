#include "session/shard_runner.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "session/run.h"

namespace coldframe::session {

namespace {

/// Of the JSON around the records of an event.
constexpr std::size_t kAroundRecords = 64;
/// Taken in one go, so that the live thread is soon free again.
constexpr std::size_t kMostAtOnce = 2'000, kMostBytesAtOnce = std::size_t{2} << 20;
constexpr auto kPositionKey = "position";
constexpr auto kWindowKey = "window";

} // namespace

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
    std::vector<SourceMark> marks{{m_source.markSource, kPositionKey, position}};
    if (!m_noted.window.empty())
        marks.push_back({m_source.markSource, kWindowKey, m_noted.window});
    m_run.journal().note(std::move(marks));
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
        = kAroundRecords + (m_rules.tumblingWindowS > 0 ? kMaxWindowState + kAroundWindowState : 0);
    return mostBytes() - std::min(around, mostBytes());
}

engine::Shard::Room ShardRunner::room() const
{
    if (m_run.congested())
        return {};
    const engine::Shard::Room all = m_shard.room();
    return {std::min(all.records, kMostAtOnce), std::min(all.bytes, kMostBytesAtOnce)};
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
        m_items.push({std::move(record.sequence), std::move(record.label), std::move(record.json),
                      std::move(record.after), record.arrival});
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
        ++m_underWay;
        batch.order.giveUp ? giveUp(batch) : send(batch);
    }
    m_pumping = false;
}

/// After some records may be done: lets go of them and keeps how far it is.
void ShardRunner::advance(const std::vector<Place>& touched)
{
    for (const Place place : touched)
        if (m_shard.isDone(place))
            m_items.forgetText(place);
    ShardMarks marks = m_noted;
    if (auto after = m_items.dropBefore(m_shard.begin()))
        marks.position = std::move(after);
    if (m_items.empty() && !m_after.empty())
        marks.position = m_after;
    marks.window.clear();
    if (m_rules.tumblingWindowS > 0)
        marks.window = windowText({m_shard.window(), m_state});
    if (marks.position == m_noted.position && marks.window == m_noted.window)
        return;
    std::vector<SourceMark> changed;
    const bool moved = marks.position && marks.position != m_noted.position;
    if (moved)
        changed.push_back({m_source.markSource, kPositionKey, *marks.position});
    if (marks.window != m_noted.window)
        changed.push_back({m_source.markSource, kWindowKey, marks.window});
    m_noted = std::move(marks);
    m_run.journal().note(std::move(changed));
    m_run.changed();
    if (moved && m_onCheckpoint)
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

/// What it held is done, or dropped with what came before it.
bool ShardRunner::isOver(const Batch& batch) const
{
    const auto& records = batch.order.records;
    return batch.error.empty() || (!records.empty() && records.front() < m_items.begin());
}

/// Of the lanes that are blocked, the one that has been for longest.
std::optional<Obstacle> ShardRunner::obstacle() const
{
    const Batch* first = nullptr;
    std::uint64_t blocked = 0;
    for (const Batch& batch : m_batches) {
        if (!batch.failing || isOver(batch))
            continue;
        ++blocked;
        if (!first || batch.failingSince < first->failingSince)
            first = &batch;
    }
    if (!first)
        return std::nullopt;
    const bool forever = m_rules.maximumRetryAttempts < 0 && m_rules.maximumRecordAgeS < 0;
    return Obstacle{.what = m_items.wordsOf(first->order),
                    .problem = first->error,
                    .attempts = first->attempts,
                    .since = first->failingSince,
                    .next = m_shard.nextTry(first->order.lane),
                    .others = blocked - 1,
                    .hint = forever
                        ? "correct the function, or set maximumRetryAttempts or maximumRecordAgeS"
                        : "it is given up after its retries, or correct the function before"};
}

void ShardRunner::fill(TriggerView& view) const
{
    view.obstacle = obstacle();
    for (const Batch& batch : m_batches) {
        const engine::Shard::Order& order = batch.order;
        if (isOver(batch))
            continue;
        std::string text = m_items.wordsOf(order);
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

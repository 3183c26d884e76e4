#include "session/resender.h"

#include <algorithm>

#include "session/answer.h"
#include "session/run.h"

namespace coldframe::session {

namespace {

constexpr std::size_t kReadAtOnce = 64;
constexpr std::size_t kMostUnanswered = 256; ///< asynchronous ones that are being journaled

bool isAsync(const history::AttemptRow& row)
{
    return (row.flags & history::kAsync) != 0;
}

} // namespace

void Resender::send(const std::vector<history::AttemptRow>& rows, Session::AgainDone each)
{
    const auto shared = std::make_shared<const Session::AgainDone>(std::move(each));
    for (const history::AttemptRow& row : rows)
        m_rows.push_back({row, shared, {}});
    goOn();
}

void Resender::stop()
{
    m_rows.clear();
    m_ready.clear();
    m_loading = false;
    ++m_generation;
}

void Resender::goOn()
{
    while (!m_ready.empty() && !m_callerWaits) {
        const bool async = isAsync(m_ready.front().row);
        if (m_unanswered >= (async ? kMostUnanswered : 1))
            return;
        Item next = std::move(m_ready.front());
        m_ready.pop_front();
        submit(std::move(next));
    }
    if (m_ready.empty() && !m_rows.empty() && !m_loading)
        load();
}

void Resender::load()
{
    const auto count
        = static_cast<std::ptrdiff_t>(std::min<std::size_t>(m_rows.size(), kReadAtOnce));
    auto batch = std::make_shared<std::vector<Item>>(m_rows.begin(), m_rows.begin() + count);
    m_rows.erase(m_rows.begin(), m_rows.begin() + count);
    m_loading = true;
    m_run.inBackground(
        [this, batch, source = m_run.recorder().source(), generation = m_generation] {
            std::vector<history::AttemptRow> rows;
            for (const Item& item : *batch)
                rows.push_back(item.row);
            std::vector<std::string> events = source.loadEvents(rows);
            for (std::size_t i = 0; i < events.size(); ++i)
                (*batch)[i].event = std::move(events[i]);
            m_run.post([this, batch, generation] {
                if (generation != m_generation)
                    return;
                m_loading = false;
                std::ranges::move(*batch, std::back_inserter(m_ready));
                goOn();
            });
        });
}

void Resender::submit(Item item)
{
    const auto workspace = m_run.workspace();
    const FunctionId id = item.row.function;
    const bool there = id < workspace->functions.size() && !workspace->functions[id].removed;
    const std::string name = id < workspace->functions.size() ? workspace->functions[id].name : "";
    const auto refuse = [&](Error error) {
        Answer answer;
        answer.refused = std::move(error);
        if (*item.each)
            (*item.each)(name, answer);
    };
    if (!there)
        return refuse({.code = Error::Code::Missing,
                       .message = "the function of this attempt is no longer in the workspace",
                       .hint = "put it back, or send the event to another one"});
    if (item.event.empty())
        return refuse({.code = Error::Code::Missing,
                       .message = "the event of this attempt is not recorded",
                       .hint = "send it from the editor"});
    if ((item.row.flags & history::kEventMasked) != 0)
        return refuse({.code = Error::Code::Missing,
                       .message = "the event of this attempt held a secret, which is not recorded",
                       .hint = "put the secret in again with Edit and send"});
    const bool async = isAsync(item.row);
    live::Event event;
    event.body = std::make_shared<const std::string>(std::move(item.event));
    event.source = "send";
    event.done = [this, async, name, each = item.each](const live::Ending& ending) {
        --m_unanswered;
        if (!async)
            m_callerWaits = false;
        if (*each)
            (*each)(name, makeAnswer(ending, m_run.board().sandbox()));
        m_run.post([this] { goOn(); }); // not from within the engine's step
    };
    ++m_unanswered;
    m_callerWaits = !async;
    if (auto refused = m_run.submit(id, async ? engine::Delivery::Async : engine::Delivery::Sync,
                                    std::move(event))) {
        --m_unanswered;
        m_callerWaits = false;
        refuse(std::move(*refused));
    }
}

} // namespace coldframe::session

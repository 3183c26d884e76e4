#include <fmt/format.h>

#include "session/queues.h"
#include "session/run.h"
#include "session/trigger_set.h"

// What the engine decides about messages that are in queues.
namespace coldframe::session {

namespace {

/// Why a message came back that no attempt has said anything of.
std::string causeOf(const engine::Reason& reason)
{
    switch (reason.why) {
    case engine::Why::ItemsReturned:
        return "the function named it in batchItemFailures";
    case engine::Why::BatchUnserved:
        return "its batch found no room in time";
    default:
        return engine::describe(reason);
    }
}

} // namespace

void Queues::returned(const engine::Return& back)
{
    Kept* kept = find(back.message);
    if (!kept)
        return;
    if (back.reason.why != engine::Why::VisibilitySet) {
        kept->atWork = false;
        // That there was no room says nothing of the message, and takes no better word away.
        const bool tried = !m_problem.empty() || back.reason.why == engine::Why::ItemsReturned;
        if (tried || kept->problem.empty())
            kept->problem = m_problem.empty() ? causeOf(back.reason) : m_problem;
        comesAgain(*kept, back.reason.why);
        ++tally(back.queue).returned;
    }
    stand(*kept, back.receives, back.visibleAt);
    if (m_arrival)
        m_arrival(m_plan.name(back.queue));
}

void Queues::dropped(const engine::Drop& drop)
{
    Kept* kept = find(drop.message);
    if (!kept)
        return;
    const std::uint64_t key = kept->message->key;
    switch (drop.reason.why) {
    case engine::Why::MessageExpired:
        ++tally(drop.queue).expired;
        break;
    case engine::Why::FilteredOut:
        ++tally(drop.queue).filteredOut;
        m_run.filteredOut(m_run.triggers().indexOf(m_plan.trigger(drop.reason.a)));
        break;
    default:
        ++tally(drop.queue).deleted;
    }
    forget(*kept);
    if (drop.reason.why == engine::Why::Success)
        m_finished.push_back(key); // its batch ends in the same breath
    else
        m_run.journal().change(journal::MessageRemoved{key});
}

void Queues::moved(const engine::Move& move)
{
    Kept* kept = find(move.message);
    if (!kept)
        return;
    comesAgainNoMore(*kept);
    kept->queue = move.to;
    if (move.reason.why == engine::Why::MaxReceives) {
        kept->from = m_plan.name(move.from);
        m_run.board().gaveUp();
        if (tally(move.from).deadLettered++ == 0)
            m_run.notice(Notice::Severity::Warning,
                         fmt::format("{}: a message was received {} time{} in vain and lies in {} "
                                     "now{}{}",
                                     kept->from, move.receives, move.receives == 1 ? "" : "s",
                                     m_plan.name(move.to), kept->problem.empty() ? "" : ": ",
                                     kept->problem),
                         "look at it there; others that follow are counted and not told");
    } else {
        kept->from.clear();
    }
    // Where its age begins anew, so does its place: it comes behind all that are there.
    if (m_plan.isFifo(move.to) || move.reason.why != engine::Why::MaxReceives)
        kept->sequence = placeIn(move.to, 0);
    stand(*kept, 0, {});
    if (m_arrival)
        m_arrival(m_plan.name(move.to));
}

void Queues::refused(const engine::Refuse& refuse)
{
    m_refused = refuse.reason;
    const auto it = m_told.find(refuse.tag);
    if (refuse.message.serial != 0 || it == m_told.end())
        return;
    Sending sending = std::move(it->second); // its queue went while it was being written
    m_told.erase(it);
    if (!sending.restored)
        m_run.journal().change(journal::MessageRemoved{sending.message->key});
    if (sending.done)
        sending.done({.refused = Error{.code = Error::Code::Missing,
                                       .message = fmt::format("there is no queue \"{}\" any more",
                                                              sending.message->queue)}});
}

} // namespace coldframe::session

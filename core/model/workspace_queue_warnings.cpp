#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

// Queues whose messages can be used up before a function has seen them.
namespace coldframe::detail {

namespace {

struct Room {
    int batches = 0; ///< that the function can have at work
    bool reserved = false;
};

/// None where nothing is said about concurrency: the account's default is shared by all, and never
/// mind that a mapping's pollers may come to more.
std::optional<Room> roomOf(const Workspace& workspace, const Function& function,
                           const QueueTrigger& trigger)
{
    if (function.reservedConcurrency)
        return Room{*function.reservedConcurrency, true};
    const int account = workspace.accountConcurrency;
    if (trigger.maximumConcurrency == 0 && (account == 0 || account >= kDefaultAccountConcurrency))
        return std::nullopt;
    int left = account > 0 ? account : kDefaultAccountConcurrency;
    for (const Function& other : workspace.functions)
        left -= other.reservedConcurrency.value_or(0);
    return Room{std::max(left, 0), false};
}

std::string adviceOf(const Room& room, bool together)
{
    const char* const more = room.reserved ? "reservedConcurrency" : "accountConcurrency";
    if (room.batches < kMaximumConcurrency.min)
        return fmt::format("raise {} to {} at least, and set maximumConcurrency to what the "
                           "function has",
                           more, kMaximumConcurrency.min);
    return fmt::format("set maximumConcurrency to {} at most{}, or raise {}", room.batches,
                       together ? " together" : "", more);
}

/// A batch without room waits until its messages are visible again, and that was a receive: as on
/// AWS (Lambda developer guide, "Configuring scaling behavior for SQS event source mappings", read
/// 2026-11). Told once a function, at the trigger that asks for too much.
class RoomCheck {
public:
    RoomCheck(const Workspace& workspace, const JsonText& text, Errors& warnings)
        : m_workspace(workspace), m_text(text), m_warnings(warnings)
    { }

    void trigger(const Trigger& trigger, const QueueTrigger& read, const QueueStore& queue,
                 const Function& function)
    {
        const int own = read.maximumConcurrency > 0 ? read.maximumConcurrency : kMostQueuePollers;
        int& wanted = m_wanted[function.name];
        const int before = wanted;
        wanted += own;
        const auto room = roomOf(m_workspace, function, read);
        if (!room || wanted <= room->batches || before > room->batches)
            return;
        const std::string pointer = childPointer("/triggers", trigger.name);
        const std::string asked = read.maximumConcurrency > 0
            ? fmt::format("\"{}\" may ask for {} batches at once", trigger.name, own)
            : fmt::format("the pollers of \"{}\" may come to {} batches at once", trigger.name,
                          own);
        const std::string beside
            = before > 0 ? fmt::format(", beside {} of other triggers", before) : "";
        const std::string loss = queue.maxReceives > 0
            ? fmt::format("messages can end in \"{}\" without ever being run", queue.deadLetters)
            : "messages come back again and again without being run";
        m_warnings.push_back(errorAt(
            m_text, read.maximumConcurrency > 0 ? pointer + "/maximumConcurrency" : pointer,
            read.maximumConcurrency == 0, Error::Code::Conflict,
            fmt::format("{}{}, and the function \"{}\" has room for {}: a batch without room "
                        "counts as a receive, so {}",
                        asked, beside, function.name, room->batches, loss),
            adviceOf(*room, before > 0)));
    }

private:
    const Workspace& m_workspace;
    const JsonText& m_text;
    Errors& m_warnings;
    std::map<std::string, int> m_wanted; ///< batches, by function
};

/// What waits for a full batch is hidden already.
void warnOfWindow(const JsonText& text, const Trigger& trigger, const QueueTrigger& read,
                  const QueueStore& queue, const Function& function, Errors& warnings)
{
    const int timeoutS = (function.timeoutMs + 999) / 1000;
    if (read.batchWindowS == 0 || read.batchWindowS + timeoutS <= queue.visibilityTimeoutS)
        return;
    warnings.push_back(errorAt(
        text, childPointer("/triggers", trigger.name) + "/batchWindowS", false,
        Error::Code::Conflict,
        fmt::format(
            "messages of \"{}\" are hidden for {} s; a batch may wait {} s to be filled and "
            "\"{}\" take {} s, so they can come back before they are done",
            read.store, queue.visibilityTimeoutS, read.batchWindowS, function.name, timeoutS),
        fmt::format("raise visibilityTimeoutS of the queue; {} s, six times the timeout and the "
                    "window on top, are advised",
                    6 * timeoutS + read.batchWindowS)));
}

} // namespace

void warnOfQueues(const Workspace& workspace, const JsonText& text, Errors& warnings)
{
    RoomCheck room(workspace, text, warnings);
    for (const Trigger& trigger : workspace.triggers) {
        const auto* read = std::get_if<QueueTrigger>(&trigger.kind);
        const Store* store = read ? workspace.findStore(read->store) : nullptr;
        const auto* queue = store ? std::get_if<QueueStore>(&store->kind) : nullptr;
        const Function* function = queue ? workspace.findFunction(trigger.function) : nullptr;
        if (!function)
            continue; // told as an error
        room.trigger(trigger, *read, *queue, *function);
        warnOfWindow(text, trigger, *read, *queue, *function, warnings);
    }
}

} // namespace coldframe::detail

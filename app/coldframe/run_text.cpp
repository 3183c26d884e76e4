#include "run_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "amount_text.h"

namespace coldframe::commands {

std::uint64_t unfinished(const session::Snapshot& snapshot)
{
    std::uint64_t count = 0;
    for (const session::FunctionView& function : snapshot.functions)
        count += function.pool.waiting + function.pool.delayed + function.pool.inUse;
    return count;
}

namespace {

Duration lived(const session::Snapshot& snapshot)
{
    return snapshot.now - snapshot.startedAt;
}

double seconds(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

/// "24 h 00 min in 3.2 s", or how long it took when no time was skipped.
std::string timeText(const session::Snapshot& snapshot)
{
    std::string text = durationText(lived(snapshot));
    if (snapshot.skipping)
        text += " in " + durationText(snapshot.skipping->took);
    return text;
}

/// Some trigger has a filter, or had one: a count of nothing says something.
bool filters(const session::Snapshot& snapshot)
{
    return snapshot.totals.filteredOut > 0
        || (snapshot.workspace
            && std::ranges::any_of(snapshot.workspace->triggers,
                                   [](const Trigger& trigger) { return !trigger.filter.empty(); }));
}

/// "parts: 3 messages" for each queue that is not empty.
std::vector<std::string> queueTexts(const session::Snapshot& snapshot)
{
    std::vector<std::string> texts;
    if (!snapshot.workspace)
        return texts;
    const auto& stores = snapshot.workspace->stores;
    for (std::size_t i = 0; i < std::min(stores.size(), snapshot.stores.size()); ++i)
        if (const auto& queue = snapshot.stores[i].queue; queue && queue->now.depth() > 0)
            texts.push_back(fmt::format("{}: {} message{}", stores[i].name,
                                        countText(queue->now.depth()),
                                        queue->now.depth() == 1 ? "" : "s"));
    return texts;
}

std::string queuesJson(const session::Snapshot& snapshot)
{
    std::string text;
    if (!snapshot.workspace)
        return text;
    const auto& stores = snapshot.workspace->stores;
    for (std::size_t i = 0; i < std::min(stores.size(), snapshot.stores.size()); ++i)
        if (const auto& queue = snapshot.stores[i].queue)
            text += fmt::format(
                R"({}"{}":{{"messages":{},"sent":{},"received":{},"deleted":{},"deadLettered":{},)"
                R"("expired":{}}})",
                text.empty() ? "" : ",", stores[i].name, queue->now.depth(), queue->tally.sent,
                queue->tally.received, queue->tally.deleted, queue->tally.deadLettered,
                queue->tally.expired);
    return text.empty() ? text : R"(,"queues":{)" + text + '}';
}

} // namespace

std::string progressText(const session::Snapshot& snapshot)
{
    const session::Totals& totals = snapshot.totals;
    std::uint32_t instances = 0, busy = 0;
    for (const session::FunctionView& function : snapshot.functions) {
        instances += function.pool.initialising + function.pool.idle + function.pool.busy;
        busy += function.pool.busy;
    }
    std::string text
        = fmt::format("{}  {} events, {} succeeded, {} failed, {} under way; {} instances, {} busy",
                      timeText(snapshot), countText(totals.events), countText(totals.succeeded),
                      countText(totals.failed), countText(unfinished(snapshot)), instances, busy);
    if (totals.throttled > 0)
        text += fmt::format("; {} throttled", countText(totals.throttled));
    if (totals.filteredOut > 0)
        text += fmt::format("; {} filtered out", countText(totals.filteredOut));
    return text;
}

std::string alreadyHereText(const session::Snapshot& snapshot,
                            const std::vector<std::string>& backfilled)
{
    std::string text;
    const std::size_t count
        = std::min(snapshot.triggers.size(), snapshot.workspace->triggers.size());
    for (std::size_t i = 0; i < count; ++i) {
        const std::string& name = snapshot.workspace->triggers[i].name;
        const std::uint64_t files = snapshot.triggers[i].alreadyThere;
        if (files > 0 && std::ranges::find(backfilled, name) == backfilled.end())
            text += fmt::format("{} file{} already here: process {} with --backfill {}\n",
                                countText(files), files == 1 ? "" : "s", files == 1 ? "it" : "them",
                                name);
    }
    return text;
}

std::string summaryJson(const session::Snapshot& snapshot, const std::vector<PassedLimit>& passed)
{
    const session::Totals& totals = snapshot.totals;
    std::string time;
    if (const auto& skipping = snapshot.skipping)
        time = fmt::format(R"(,"livedS":{},"skippedS":{},"tookS":{},"functionsS":{})",
                           seconds(lived(snapshot)), seconds(skipping->skipped),
                           seconds(skipping->took), seconds(skipping->worked));
    const std::string filtered
        = filters(snapshot) ? fmt::format(R"(,"filteredOut":{})", totals.filteredOut) : "";
    std::string limits;
    for (const PassedLimit& limit : passed)
        limits += fmt::format(R"({}"{}")", limits.empty() ? R"(,"limitsPassed":[)" : ",",
                              limit.option);
    if (!limits.empty())
        limits += ']';
    return fmt::format(
        R"({{"events":{},"invocations":{},"succeeded":{},"failed":{},"throttled":{},)"
        R"("coldStarts":{},"costUsd":{}{}{}{}{}}})"
        "\n",
        totals.events, totals.invocations, totals.succeeded, totals.failed, totals.throttled,
        totals.coldStarts, usdText(totals.cost), filtered, queuesJson(snapshot), time, limits);
}

std::string summaryText(const session::Snapshot& snapshot)
{
    const session::Totals& totals = snapshot.totals;
    std::string text = fmt::format("Events       {}\n"
                                   "Invocations  {}: {} succeeded, {} failed\n"
                                   "Throttled    {}\n"
                                   "Cold starts  {}\n"
                                   "Cost         {} USD, modelled: {}, {}, as of {}\n",
                                   countText(totals.events), countText(totals.invocations),
                                   countText(totals.succeeded), countText(totals.failed),
                                   countText(totals.throttled), countText(totals.coldStarts),
                                   usdText(totals.cost), snapshot.platformTitle,
                                   snapshot.platformRegion, snapshot.platformAsOf);
    if (filters(snapshot))
        text += fmt::format("Filtered out {}\n", countText(totals.filteredOut));
    if (const auto queues = queueTexts(snapshot); !queues.empty())
        text += fmt::format("Queues       {}\n", fmt::join(queues, "; "));
    if (snapshot.skipping)
        text += fmt::format("Time         {}; functions ran for {}\n", timeText(snapshot),
                            durationText(snapshot.skipping->worked));
    if (!snapshot.recordingFolder.empty())
        text += fmt::format("Recording    {}\n", snapshot.recordingFolder);
    return text;
}

} // namespace coldframe::commands

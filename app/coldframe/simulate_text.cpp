#include "simulate_text.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "amount_text.h"
#include "sim/metrics.h"

namespace coldframe::commands {

namespace {

using study::FunctionResult;
using study::PointResult;

/// Figures as a table names them, in its order. Rows that are zero or unknown for all are left out.
struct Row {
    const char* key;
    const char* title;
    double scale;
    const char* unit;
};
constexpr Row kRows[] = {
    {"invocations", "invocations", 1, ""},
    {"coldStarts", "cold starts", 1, ""},
    {"coldStartProbability", "  share", 100, "%"},
    {"rejected", "throttled", 1, ""},
    {"rejectedProbability", "  share", 100, "%"},
    {"expired", "waited too long", 1, ""},
    {"failedAttempts", "failed attempts", 1, ""},
    {"timeouts", "timed out", 1, ""},
    {"deadLettered", "dead letters", 1, ""},
    {"clientRetries", "tried again by callers", 1, ""},
    {"queueWaitS", "mean wait for room", 1000, "ms"},
    {"responseS/mean", "response, mean", 1000, "ms"},
    {"responseS/p50", "  p50", 1000, "ms"},
    {"responseS/p95", "  p95", 1000, "ms"},
    {"responseS/p99", "  p99", 1000, "ms"},
    {"instances", "instances, mean", 1, ""},
    {"busyInstances", "  busy", 1, ""},
    {"initialisingInstances", "  initialising", 1, ""},
    {"idleInstances", "  idle", 1, ""},
    {"peakInstances", "  at most", 1, ""},
    {"lifespanS", "lifespan of an instance", 1, "s"},
    {"billedGbS", "billed", 1, "GB-s"},
    {"costUsd", "cost", 1, "USD"},
};

constexpr Row kBackendRows[] = {
    {"visits", "visits", 1, ""},
    {"refused", "refused", 1, ""},
    {"refusedProbability", "  share", 100, "%"},
    {"withdrawn", "given up waiting", 1, ""},
    {"abandoned", "answered nobody", 1, ""},
    {"waitS/mean", "wait, mean", 1000, "ms"},
    {"waitS/p99", "  p99", 1000, "ms"},
    {"responseS/mean", "response, mean", 1000, "ms"},
    {"responseS/p50", "  p50", 1000, "ms"},
    {"responseS/p95", "  p95", 1000, "ms"},
    {"responseS/p99", "  p99", 1000, "ms"},
    {"busyServers", "busy servers", 1, ""},
    {"utilisation", "utilisation", 100, "%"},
    {"waitingVisits", "waiting visits, mean", 1, ""},
    {"connections", "connections, mean", 1, ""},
    {"peakConnections", "  at most", 1, ""},
};

constexpr Row kQueueRows[] = {
    {"sent", "sent", 1, ""},
    {"movedIn", "moved in", 1, ""},
    {"deleted", "deleted", 1, ""},
    {"returned", "came back", 1, ""},
    {"deadLettered", "dead letters", 1, ""},
    {"deadLetteredProbability", "  share", 100, "%"},
    {"expired", "expired", 1, ""},
    {"left", "left at the end", 1, ""},
    {"batches", "batches", 1, ""},
    {"batchSize", "  messages, mean", 1, ""},
    {"depth", "depth, mean", 1, ""},
    {"peakDepth", "  at most", 1, ""},
    {"peakAgeS", "oldest, at most", 1, "s"},
    {"waitS/mean", "wait for a batch, mean", 1000, "ms"},
    {"waitS/p99", "  p99", 1000, "ms"},
    {"sentToDeletedS/mean", "sent to deleted, mean", 1000, "ms"},
    {"sentToDeletedS/p50", "  p50", 1000, "ms"},
    {"sentToDeletedS/p95", "  p95", 1000, "ms"},
    {"sentToDeletedS/p99", "  p99", 1000, "ms"},
};

constexpr Row kStreamRows[] = {
    {"records", "records", 1, ""},
    {"done", "done", 1, ""},
    {"retryAttemptsExhausted", "given up after retries", 1, ""},
    {"recordAgeExceeded", "given up too old", 1, ""},
    {"givenUpProbability", "  share given up", 100, "%"},
    {"left", "left at the end", 1, ""},
    {"batches", "batches", 1, ""},
    {"batchSize", "  records, mean", 1, ""},
    {"retries", "  retries", 1, ""},
    {"failedBatches", "  failed", 1, ""},
    {"throttledBatches", "  throttled", 1, ""},
    {"windows", "windows", 1, ""},
    {"iteratorAgeS/mean", "iterator age, mean", 1000, "ms"},
    {"iteratorAgeS/p50", "  p50", 1000, "ms"},
    {"iteratorAgeS/p95", "  p95", 1000, "ms"},
    {"iteratorAgeS/p99", "  p99", 1000, "ms"},
    {"iteratorAgeS/max", "  at most", 1000, "ms"},
    {"recordToDoneS/mean", "record to done, mean", 1000, "ms"},
    {"recordToDoneS/p50", "  p50", 1000, "ms"},
    {"recordToDoneS/p95", "  p95", 1000, "ms"},
    {"recordToDoneS/p99", "  p99", 1000, "ms"},
    {"backlog", "backlog, mean", 1, ""},
    {"peakBacklog", "  at most", 1, ""},
    {"blockedS", "time with a blocked shard", 1, "s"},
    {"blockedShards", "blocked shards, mean", 1, ""},
    {"peakBlockedShards", "  at most", 1, ""},
};

std::string number(double value)
{
    if (value == std::round(value) && std::abs(value) < 1e15) {
        const std::string digits = countText(static_cast<std::uint64_t>(std::abs(value)));
        return value < 0 ? "-" + digits : digits;
    }
    if (std::abs(value) >= 1e4)
        return countText(static_cast<std::uint64_t>(std::round(value)));
    return fmt::format("{:.4g}", value);
}

std::string cell(const std::optional<sim::Estimate>& estimate, const Row& row)
{
    if (!estimate)
        return "-";
    // Many seconds are not read in milliseconds.
    const bool inSeconds = std::string_view(row.unit) == "ms" && estimate->mean >= 10;
    const double scale = inSeconds ? 1 : row.scale;
    const double value = estimate->mean * scale;
    const std::string unit = *row.unit ? fmt::format(" {}", inSeconds ? "s" : row.unit) : "";
    if (!estimate->ci95 || *estimate->ci95 == 0)
        return number(value) + unit;
    const double half = *estimate->ci95 * scale;
    return fmt::format("{} ±{}{}", number(value),
                       half >= 10 ? countText(static_cast<std::uint64_t>(std::round(half)))
                                  : fmt::format("{:.2g}", half),
                       unit);
}

std::string aligned(const std::vector<std::vector<std::string>>& table)
{
    const auto width = [](const std::string& text) { // of UTF-8: ± is one column
        return static_cast<std::size_t>(
            std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
    };
    std::vector<std::size_t> widths;
    for (const auto& line : table) {
        widths.resize(std::max(widths.size(), line.size()));
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], width(line[i]));
    }
    std::string text;
    for (const auto& line : table) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const std::string pad(widths[i] - width(line[i]), ' ');
            text += i == 0 ? line[i] + pad : "  " + pad + line[i];
        }
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

constexpr std::size_t kMostColumns = 6;

/// Figures down, functions or backends across.
template <typename Column>
std::string figureTable(const char* head, std::span<const Row> rows,
                        const std::vector<const Column*>& shown)
{
    std::vector<std::vector<std::string>> table{{head}};
    for (const Column* column : shown)
        table[0].push_back(column->name);
    for (const Row& row : rows) {
        const bool says = std::ranges::any_of(shown, [&](const Column* column) {
            const auto figure = column->figure(row.key);
            return figure && figure->mean != 0;
        });
        if (!says)
            continue;
        std::vector<std::string> line{row.title};
        for (const Column* column : shown)
            line.push_back(cell(column->figure(row.key), row));
        table.push_back(std::move(line));
    }
    return aligned(table);
}

std::string moreText(std::size_t all, std::size_t shown, const char* what)
{
    return all <= shown
        ? ""
        : fmt::format("(and {} more {}: --json or --csv have them)\n", all - shown, what);
}

/// Of what functions share, below them; empty where there is none.
template <typename Column>
std::string sharedTable(const char* what, std::span<const Row> rows, const std::vector<Column>& all)
{
    if (all.empty())
        return {};
    std::vector<const Column*> shown;
    for (const Column& column : all)
        if (shown.size() < kMostColumns)
            shown.push_back(&column);
    return '\n' + figureTable(what, rows, shown) + moreText(all.size(), kMostColumns, what);
}

std::string pointText(const PointResult& point)
{
    std::vector<const FunctionResult*> shown;
    for (const FunctionResult& function : point.functions)
        if (shown.size() < kMostColumns)
            shown.push_back(&function);
    if (point.functions.size() > 1)
        shown.push_back(&point.total);
    std::string text = figureTable("", std::span(kRows), shown)
        + moreText(point.functions.size(), kMostColumns, "functions");
    text += sharedTable("backends", std::span(kBackendRows), point.backends);
    text += sharedTable("queues", std::span(kQueueRows), point.queues);
    return text + sharedTable("streams", std::span(kStreamRows), point.streams);
}

const Row& rowOf(std::span<const Row> rows, std::string_view key)
{
    return *std::ranges::find_if(rows, [&](const Row& row) { return row.key == key; });
}

/// What a sweep shows of each backend, queue or stream.
struct SweptColumn {
    const char* key;
    const char* title;
};
constexpr SweptColumn kBackendColumns[]
    = {{"utilisation", "busy"}, {"responseS/mean", "response"}, {"refusedProbability", "refused"}};
constexpr SweptColumn kQueueColumns[]
    = {{"sentToDeletedS/p95", "p95"}, {"peakDepth", "peak"}, {"deadLettered", "dead letters"}};
constexpr SweptColumn kStreamColumns[] = {{"iteratorAgeS/mean", "age"},
                                          {"iteratorAgeS/p95", "age p95"},
                                          {"givenUpProbability", "given up"}};

/// Of the first ones: a line has an end. How many they are.
template <typename Shared>
std::size_t addTitles(std::vector<std::string>& line, const std::vector<Shared>& all,
                      std::span<const SweptColumn> columns)
{
    const std::size_t shown = std::min<std::size_t>(all.size(), 2);
    for (std::size_t i = 0; i < shown; ++i)
        for (const SweptColumn& column : columns)
            line.push_back(all[i].name + ' ' + column.title);
    return shown;
}

/// What stands below those titles.
template <typename Shared>
void addCells(std::vector<std::string>& line, const std::vector<Shared>& all, std::size_t shown,
              std::span<const SweptColumn> columns, std::span<const Row> rows)
{
    for (std::size_t i = 0; i < shown; ++i)
        for (const SweptColumn& column : columns)
            line.push_back(cell(all[i].figure(column.key), rowOf(rows, column.key)));
}

/// Settings across, one line a point; of the total.
std::string sweepText(const study::SimulationResult& result)
{
    const char* const kKeys[] = {"invocations",   "coldStartProbability", "rejectedProbability",
                                 "responseS/p50", "responseS/p99",        "instances",
                                 "costUsd"};
    const char* const kTitles[]
        = {"invocations", "cold", "throttled", "p50", "p99", "instances", "cost"};
    std::vector<std::vector<std::string>> table(1);
    const PointResult& first = result.points.front();
    for (const study::Setting& setting : first.settings)
        table[0].push_back(setting.path);
    for (const char* title : kTitles)
        table[0].push_back(title);
    const std::size_t backends = addTitles(table[0], first.backends, kBackendColumns);
    const std::size_t queues = addTitles(table[0], first.queues, kQueueColumns);
    const std::size_t streams = addTitles(table[0], first.streams, kStreamColumns);
    for (const PointResult& point : result.points) {
        std::vector<std::string> line;
        for (const study::Setting& setting : point.settings)
            line.push_back(setting.value);
        for (const char* key : kKeys)
            line.push_back(cell(point.total.figure(key), rowOf(kRows, key)));
        addCells(line, point.backends, backends, kBackendColumns, kBackendRows);
        addCells(line, point.queues, queues, kQueueColumns, kQueueRows);
        addCells(line, point.streams, streams, kStreamColumns, kStreamRows);
        table.push_back(std::move(line));
    }
    return aligned(table) + moreText(first.backends.size(), backends, "backends")
        + moreText(first.queues.size(), queues, "queues")
        + moreText(first.streams.size(), streams, "streams");
}

} // namespace

std::string simulationText(const study::SimulationResult& result)
{
    std::string text = fmt::format(
        "{}{} on {}, {} s simulated{}, {} run{}, seed {}\n\n", result.name,
        result.name.empty() ? "Scenario" : "", result.platform, number(result.durationS),
        result.warmUpS > 0 ? fmt::format(" (the first {} s not counted)", number(result.warmUpS))
                           : "",
        result.replications, result.replications == 1 ? "" : "s", result.seed);
    if (result.points.empty())
        text += "No point was finished.\n";
    else if (result.points.front().settings.empty())
        text += pointText(result.points.front());
    else
        text += sweepText(result);
    if (result.replications > 1)
        text += "\n± is half of a 95 % confidence interval.\n";
    for (const study::OriginNote& note : result.origins)
        text += fmt::format("{}: {} ({})\n", note.what, note.origin, note.detail);
    if (result.points.size() > 1 && !result.origins.empty())
        text += "What is said of rules, laws and prices holds for the first point.\n";
    std::uint64_t invocations = 0;
    for (const PointResult& point : result.points)
        invocations += point.byKernel + point.byEngine;
    text += fmt::format("{} invocations in {:.3g} s\n", countText(invocations), result.tookS);
    return text;
}

} // namespace coldframe::commands

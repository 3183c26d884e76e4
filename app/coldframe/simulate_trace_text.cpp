#include "simulate_trace_text.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include <fmt/format.h>

#include "amount_text.h"
#include "simulate_trace.h"

namespace coldframe::commands {

namespace {

using Out = std::back_insert_iterator<std::string>;

double shareOf(std::uint64_t part, std::uint64_t all)
{
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

/// "600", "0.5".
std::string secondsText(std::int64_t us)
{
    return fmt::format("{}", static_cast<double>(us) * 1e-6);
}

std::string percent(double share)
{
    return fmt::format("{:.3g} %", share * 100);
}

std::string millisecondsText(std::int64_t us)
{
    return us < 10'000'000 ? fmt::format("{:.6g} ms", static_cast<double>(us) * 1e-3)
                           : durationText(std::chrono::microseconds(us));
}

void writeTotals(const study::TraceQuestion& question, const study::TraceAnswer& answer, Out out)
{
    const traces::FunctionFigures& total = answer.total;
    const double length = static_cast<double>(std::max<std::int64_t>(answer.lengthUs, 1));
    fmt::format_to(out, "  {:<18}{:>16}\n", "invocations", countText(total.invocations));
    fmt::format_to(out, "  {:<18}{:>16}   {}\n", "cold starts", countText(total.coldStarts),
                   percent(shareOf(total.coldStarts, total.invocations - total.rejected)));
    if (total.rejected > 0)
        fmt::format_to(out, "  {:<18}{:>16}   {}\n", "rejected", countText(total.rejected),
                       percent(shareOf(total.rejected, total.invocations)));
    fmt::format_to(out, "  {:<18}{:>16.2f}   on average\n", "instances busy",
                   static_cast<double>(total.busyUs) / length);
    fmt::format_to(out, "  {:<18}{:>16.2f}   on average", "instances idle",
                   static_cast<double>(total.idleUs) / length);
    if (answer.idleMbUs > 0)
        fmt::format_to(out, ", which hold {:.4g} GB", answer.idleMbUs / length / 1024);
    fmt::format_to(out, "\n");
    if (question.rules.service == traces::Service::Average
        && question.source != study::TraceQuestion::Source::Azure2021)
        fmt::format_to(out, "  {:<18}p50 {}, p95 {}, p99 {}\n", "response",
                       millisecondsText(serviceQuantile(answer, 0.5)),
                       millisecondsText(serviceQuantile(answer, 0.95)),
                       millisecondsText(serviceQuantile(answer, 0.99)));
}

void writeCurve(const study::TraceAnswer& answer, Out out)
{
    constexpr std::size_t kMostLines = 20;
    const std::size_t count = answer.keepAlives.size();
    if (count == 0)
        return;
    const std::size_t every = (count + kMostLines - 1) / kMostLines;
    const double length = static_cast<double>(std::max<std::int64_t>(answer.lengthUs, 1));
    fmt::format_to(out, "\n  {:>12}{:>16}{:>12}{:>18}\n", "keep-alive", "cold starts", "share",
                   "instances idle");
    for (std::size_t i = 0; i < count; i += every) {
        const traces::KeepAliveFigures& figures = answer.keepAlives[i];
        fmt::format_to(
            out, "  {:>10} s{:>16}{:>12}{:>18.2f}\n", secondsText(figures.keepAliveUs),
            countText(figures.coldStarts),
            percent(shareOf(figures.coldStarts, answer.total.invocations - answer.total.rejected)),
            static_cast<double>(figures.idleUs) / length);
    }
    if (every > 1)
        fmt::format_to(out, "  one in {} of {}: --json and --csv have them all\n", every,
                       countText(count));
}

void writeWorst(const study::TraceAnswer& answer, Out out)
{
    constexpr std::size_t kMost = 5, kNameLength = 16;
    std::vector<const study::FunctionAnswer*> worst;
    for (const study::FunctionAnswer& function : answer.functions)
        worst.push_back(&function);
    const std::size_t count = std::min(kMost, worst.size());
    std::ranges::partial_sort(worst, worst.begin() + static_cast<std::ptrdiff_t>(count),
                              [](const auto* a, const auto* b) {
                                  if (a->figures.coldStarts != b->figures.coldStarts)
                                      return a->figures.coldStarts > b->figures.coldStarts;
                                  return a->name < b->name;
                              });
    fmt::format_to(out, "\n  {:<18}{:>16}{:>12}{:>18}{:>10}\n", "most cold starts", "cold starts",
                   "share", "invocations", "peak");
    for (std::size_t i = 0; i < count; ++i) {
        const traces::FunctionFigures& own = worst[i]->figures;
        fmt::format_to(out, "  {:<18}{:>16}{:>12}{:>18}{:>10}\n",
                       worst[i]->name.substr(0, kNameLength), countText(own.coldStarts),
                       percent(shareOf(own.coldStarts, own.invocations - own.rejected)),
                       countText(own.invocations), countText(own.peak));
    }
}

} // namespace

std::string traceText(const SimulateTraceOptions& options, const study::TraceQuestion& question,
                      const study::TraceAnswer& answer)
{
    std::string text;
    const Out out(text);
    fmt::format_to(out, "{}: {} functions, {}, keep-alive {} s\n",
                   options.syntheticDay ? "synthetic day" : options.trace,
                   countText(answer.functions.size()),
                   durationText(std::chrono::microseconds(answer.lengthUs)),
                   secondsText(question.rules.keepAliveUs));
    writeTotals(question, answer, out);
    writeCurve(answer, out);
    writeWorst(answer, out);
    fmt::format_to(out, "\n");
    for (const std::string& line : traceNotes(question, answer))
        fmt::format_to(out, "  note: {}\n", line);
    for (const std::string& line : traceOrigin(question, answer))
        fmt::format_to(out, "  {}\n", line);
    return text;
}

std::string traceCsv(const study::TraceQuestion& question, const study::TraceAnswer& answer)
{
    std::string text;
    const Out out(text);
    if (!question.keepAlivesUs.empty()) {
        text = "keepAliveS,coldStarts,idleUs\n";
        for (const traces::KeepAliveFigures& figures : answer.keepAlives)
            fmt::format_to(out, "{},{},{}\n", secondsText(figures.keepAliveUs), figures.coldStarts,
                           figures.idleUs);
        return text;
    }
    text = "function,invocations,coldStarts,rejected,busyUs,idleUs,peak,serviceUs,memoryMb\n";
    for (const study::FunctionAnswer& function : answer.functions) {
        const traces::FunctionFigures& own = function.figures;
        fmt::format_to(out, "{},{},{},{},{},{},{},", function.name, own.invocations, own.coldStarts,
                       own.rejected, own.busyUs, own.idleUs, own.peak);
        if (function.serviceUs > 0)
            fmt::format_to(out, "{}", function.serviceUs);
        fmt::format_to(out, ",");
        if (function.memoryMb > 0)
            fmt::format_to(out, "{}", function.memoryMb);
        fmt::format_to(out, "\n");
    }
    return text;
}

} // namespace coldframe::commands

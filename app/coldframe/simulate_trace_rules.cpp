#include "simulate_trace_rules.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <thread>

#include <fmt/format.h>

#include "model/suggestion.h"
#include "simulate_trace.h"
#include "study/sweep.h"

namespace coldframe::commands {

namespace {

using Source = study::TraceQuestion::Source;

constexpr double kMostSeconds = 1e6, kUsOfSecond = 1e6;

tl::unexpected<Error> bad(Error::Code code, std::string message, std::string hint)
{
    return tl::unexpected(
        Error{.code = code, .message = std::move(message), .hint = std::move(hint)});
}

/// To the nearest microsecond.
Result<std::int64_t> parseSeconds(std::string_view text, std::string_view what)
{
    double seconds = 0;
    const auto [after, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool number = problem == std::errc() && after == text.data() + text.size();
    if (!number || !(seconds >= 0) || seconds > kMostSeconds)
        return bad(Error::Code::OutOfRange,
                   fmt::format("{} must be seconds from 0 to 1,000,000, got \"{}\"", what, text),
                   "write a number, such as 600");
    return std::llround(seconds * kUsOfSecond);
}

Result<std::size_t> parseLimit(std::string_view text, std::string_view what)
{
    std::uint64_t limit = 0;
    const auto [after, problem] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (problem != std::errc() || after != text.data() + text.size() || limit < 1
        || limit > 1'000'000'000)
        return bad(Error::Code::OutOfRange,
                   fmt::format("{} must be a whole number from 1 to 1,000,000,000, got \"{}\"",
                               what, text),
                   limit == 0 && text == "0" ? "a limit of zero would reject everything"
                                             : "correct it");
    return limit;
}

Result<void> takeSetting(std::string_view setting, study::TraceQuestion& question)
{
    static const std::vector<std::string> kNames{"pool.keepAliveS", "pool.maxConcurrency",
                                                 "account.concurrency"};
    const std::size_t equals = setting.find('=');
    if (equals == std::string_view::npos)
        return bad(Error::Code::Malformed, fmt::format("--set \"{}\" has no value", setting),
                   "write PATH=VALUE, as in --set pool.keepAliveS=600");
    const std::string_view name = setting.substr(0, equals), value = setting.substr(equals + 1);
    if (name == kNames[0]) {
        const auto keepAlive = parseSeconds(value, name);
        if (!keepAlive)
            return tl::unexpected(keepAlive.error());
        question.rules.keepAliveUs = *keepAlive;
        return {};
    }
    if (name != kNames[1] && name != kNames[2]) {
        const auto meant = suggestFor(name, kNames);
        return bad(Error::Code::UnknownKey, fmt::format("a trace has no setting \"{}\"", name),
                   meant ? fmt::format("did you mean {}?", *meant)
                         : "there are " + listOfNames(kNames));
    }
    const auto limit = parseLimit(value, name);
    if (!limit)
        return tl::unexpected(limit.error());
    if (name == kNames[1])
        question.rules.maxConcurrency = *limit;
    else
        question.accountConcurrency = *limit;
    return {};
}

Result<void> checkTogether(const SimulateTraceOptions& options,
                           const study::TraceQuestion& question)
{
    const bool limited = question.rules.maxConcurrency != traces::kNoLimit;
    if (question.accountConcurrency && limited)
        return bad(Error::Code::Conflict,
                   "account.concurrency and pool.maxConcurrency exclude each other for a trace",
                   "set one of them");
    if (question.accountConcurrency && question.source == Source::Azure2021)
        return bad(Error::Code::Conflict, "account.concurrency needs a trace that counts by minute",
                   "set pool.maxConcurrency, or use azure2019");
    if (question.source != Source::Azure2019 && question.rules.service != traces::Service::Average)
        return bad(Error::Code::Conflict, "only azure2019 gives percentiles of durations",
                   "leave out --service");
    if (question.source == Source::Azure2021 && options.arrivals != "even")
        return bad(Error::Code::Conflict, "azure2021 gives the moment of every arrival",
                   "leave out --arrivals");
    if (question.source == Source::SyntheticDay && !options.path.empty())
        return bad(Error::Code::Conflict, "the synthetic day is made, not read",
                   fmt::format("leave out \"{}\"", options.path.string()));
    if (question.source != Source::SyntheticDay && options.path.empty())
        return bad(Error::Code::Missing, "there is no trace to read",
                   fmt::format("name its {}, as in --trace {} PATH",
                               options.trace == "azure2019" ? "folder" : "file", options.trace));
    return {};
}

} // namespace

Result<std::vector<std::int64_t>> parseKeepAlives(std::string_view text)
{
    constexpr std::size_t kMostValues = 100'000;
    constexpr std::string_view kWhat = "--keep-alive-curve";
    std::vector<std::int64_t> values;
    if (text.find("..") != std::string_view::npos) {
        // As --sweep has it: so many numbers, evenly apart.
        const auto sweep = study::parseSweep("keepAliveS=" + std::string(text));
        if (!sweep)
            return bad(Error::Code::Malformed,
                       fmt::format("{} \"{}\": {}", kWhat, text, sweep.error().message),
                       "write FROM..TO/COUNT, as in 60..3600/60, or 60,600,3600");
        if (sweep->values.size() > kMostValues)
            return bad(Error::Code::LimitReached,
                       fmt::format("{} \"{}\" asks for {} values, at most {}", kWhat, text,
                                   sweep->values.size(), kMostValues),
                       "take fewer");
        for (const std::string& each : sweep->values) {
            const auto value = parseSeconds(each, kWhat);
            if (!value)
                return tl::unexpected(value.error());
            values.push_back(*value);
        }
        std::ranges::sort(values);
        values.erase(std::ranges::unique(values).begin(), values.end());
        return values;
    }
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        const auto value = parseSeconds(text.substr(at, comma - at), kWhat);
        if (!value)
            return tl::unexpected(value.error());
        values.push_back(*value);
        at = comma + 1;
    }
    std::ranges::sort(values);
    values.erase(std::ranges::unique(values).begin(), values.end());
    return values;
}

Result<study::TraceQuestion> traceQuestion(const SimulateTraceOptions& options)
{
    study::TraceQuestion question;
    question.source = options.syntheticDay ? Source::SyntheticDay
        : options.trace == "azure2021"     ? Source::Azure2021
                                           : Source::Azure2019;
    question.path = options.path;
    question.day = options.day;
    question.functions = options.functions;
    question.rules.seed = options.seed;
    question.rules.arrivals = options.arrivals == "poisson" ? traces::Arrivals::Poisson
        : options.arrivals == "empirical"                   ? traces::Arrivals::Empirical
                                                            : traces::Arrivals::Even;
    question.rules.service = options.service == "percentiles" ? traces::Service::Percentiles
                                                              : traces::Service::Average;
    question.threads
        = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    for (const std::string& setting : options.settings)
        if (auto taken = takeSetting(setting, question); !taken)
            return tl::unexpected(taken.error());
    if (!options.keepAliveCurve.empty()) {
        auto values = parseKeepAlives(options.keepAliveCurve);
        if (!values)
            return tl::unexpected(values.error());
        question.keepAlivesUs = std::move(*values);
    }
    if (auto checked = checkTogether(options, question); !checked)
        return tl::unexpected(checked.error());
    return question;
}

} // namespace coldframe::commands

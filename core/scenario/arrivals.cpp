#include <array>

#include <fmt/format.h>

#include "scenario/parts.h"

namespace coldframe::scenario::detail {

namespace {

constexpr NumberRange kRate{0, 1e7}, kPositiveRate{1e-9, 1e7}, kStartS{0, kLongestS};
constexpr std::size_t kMostPoints = 1'000'000;

enum class ArrivalWord {
    Poisson,
    Constant,
    Ramp,
    Burst,
    Diurnal,
    Profile,
    Gaps,
    OnOff,
    ClosedLoop,
    Counts,
    Recording,
    Trace,
};

double required(JsonReader& in, const char* key, NumberRange range)
{
    in.require(key);
    return in.number(key, range, 1);
}

sim::RateProfile readRamp(JsonReader& in)
{
    const double from = required(in, "fromPerS", kRate), to = required(in, "toPerS", kRate);
    return {{{0, from}, {required(in, "overS", {1e-3, kLongestS}), to}}, false};
}

/// `basePerS`, and from `startS` for `lengthS` instead `burstPerS`; again every `everyS`.
sim::RateProfile readBurst(JsonReader& in)
{
    const double base = in.number("basePerS", kRate, 0);
    const double burst = required(in, "burstPerS", kPositiveRate);
    const double start = in.number("startS", kStartS, 0);
    const double end = start + required(in, "lengthS", {1e-3, kLongestS});
    sim::RateProfile profile{{{0, base}, {start, base}, {start, burst}, {end, burst}, {end, base}},
                             false};
    if (in.has("everyS")) {
        const double every = in.number("everyS", {1e-3, kLongestS}, end);
        if (every < end)
            in.fail(Error::Code::Conflict, "everyS",
                    fmt::format("everyS is {} s, but a burst ends after {} s", every, end),
                    "make everyS at least startS + lengthS");
        profile.points.push_back({every, base});
        profile.repeats = true;
    }
    return profile;
}

/// A cosine over the day in straight lines of an hour.
sim::RateProfile readDiurnal(JsonReader& in)
{
    // cos(k 15 degrees), k = 0 … 12; the rest follows by symmetry.
    constexpr std::array kCosines = {1.0,
                                     0.9659258262890683,
                                     0.8660254037844387,
                                     0.7071067811865476,
                                     0.5,
                                     0.25881904510252074,
                                     0.0,
                                     -0.25881904510252074,
                                     -0.5,
                                     -0.7071067811865476,
                                     -0.8660254037844387,
                                     -0.9659258262890683,
                                     -1.0};
    const double mean = required(in, "meanPerS", kPositiveRate);
    const double peak = in.number("peakToMean", {1, 2}, 1.5);
    const auto hour = static_cast<int>(in.integer("peakHour", {0, 23}, 14));
    sim::RateProfile profile;
    profile.repeats = true;
    for (int k = 0; k <= 24; ++k) {
        const int apart = ((k - hour) % 24 + 24) % 24;
        const double cosine = kCosines[static_cast<std::size_t>(apart <= 12 ? apart : 24 - apart)];
        profile.points.push_back({k * 3600.0, mean * (1 + (peak - 1) * cosine)});
    }
    return profile;
}

sim::RateProfile readProfile(JsonReader& in)
{
    sim::RateProfile profile;
    profile.repeats = in.boolean("repeats", false);
    in.require("points", "give pairs of seconds and rate");
    const auto found = in.value("points");
    const auto wrong = [&](std::string message) {
        in.fail(Error::Code::Malformed, "points", std::move(message),
                "write it as [[0, 1], [600, 20], [1200, 1]]");
        return sim::RateProfile{{{0, 1}}, false};
    };
    if (!found)
        return {{{0, 1}}, false};
    if (!found->isArray())
        return wrong("points must be a list of pairs");
    double most = 0;
    for (const JsonValue& pair : found->elements()) {
        const auto parts = pair.isArray() ? pair.elements() : std::vector<JsonValue>();
        if (parts.size() != 2 || parts[0].kind() != JsonValue::Kind::Number
            || parts[1].kind() != JsonValue::Kind::Number)
            return wrong(fmt::format("a point is a pair of numbers, got {}", pair.compact()));
        const sim::RateProfile::Point next{parts[0].number(), parts[1].number()};
        if (!(next.at >= 0 && next.at <= kLongestS && next.rate >= 0 && next.rate <= kRate.max))
            return wrong(fmt::format("a time lies between 0 s and {} s and a rate between 0 and {} "
                                     "per s, got {}",
                                     kLongestS, kRate.max, pair.compact()));
        if (profile.points.empty() ? next.at != 0 : next.at < profile.points.back().at)
            return wrong("times must begin with 0 and never fall");
        profile.points.push_back(next);
        most = std::max(most, next.rate);
    }
    if (profile.points.empty() || profile.points.size() > kMostPoints || most <= 0
        || (profile.repeats && profile.points.back().at <= 0))
        return wrong(fmt::format("there must be 1 to {} points, one with a rate above 0, and time "
                                 "between the first and the last when they repeat",
                                 kMostPoints));
    return profile;
}

/// A count a step of time, as traces give them: the rate that brings so many.
sim::RateProfile readCounts(JsonReader& in)
{
    const double step = in.number("stepS", {1e-3, 1e6}, 60);
    in.require("counts", "give the number of arrivals of each step");
    const auto found = in.value("counts");
    sim::RateProfile profile;
    double sum = 0;
    const auto elements = found && found->isArray() ? found->elements() : std::vector<JsonValue>();
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const JsonValue& element = elements[i];
        const double count = element.kind() == JsonValue::Kind::Number ? element.number() : -1;
        if (!(count >= 0 && count / step <= kRate.max)) {
            in.fail(Error::Code::OutOfRange, "counts",
                    fmt::format("a count must be a number from 0 to {}, got {}", kRate.max * step,
                                excerpt(element)));
            return {{{0, 1}}, false};
        }
        sum += count;
        const double at = static_cast<double>(i) * step;
        profile.points.push_back({at, count / step});
        profile.points.push_back({at + step, count / step});
    }
    if (found && (sum <= 0 || elements.size() > kMostPoints)) {
        in.fail(Error::Code::Malformed, "counts",
                fmt::format("counts must be a list of 1 to {} numbers, one of them above 0",
                            kMostPoints));
        return {{{0, 1}}, false};
    }
    if (!profile.points.empty())
        profile.points.push_back({profile.points.back().at, 0});
    else
        profile.points.push_back({0, 1});
    return profile;
}

} // namespace

ArrivalSpec readArrivals(JsonReader& in, const Source& source)
{
    in.require("law");
    const ArrivalWord word = in.choice<ArrivalWord>("law",
                                                    {{"poisson", ArrivalWord::Poisson},
                                                     {"constant", ArrivalWord::Constant},
                                                     {"ramp", ArrivalWord::Ramp},
                                                     {"burst", ArrivalWord::Burst},
                                                     {"diurnal", ArrivalWord::Diurnal},
                                                     {"profile", ArrivalWord::Profile},
                                                     {"gaps", ArrivalWord::Gaps},
                                                     {"on-off", ArrivalWord::OnOff},
                                                     {"closed-loop", ArrivalWord::ClosedLoop},
                                                     {"counts", ArrivalWord::Counts},
                                                     {"recording", ArrivalWord::Recording},
                                                     {"trace", ArrivalWord::Trace}},
                                                    ArrivalWord::Poisson);
    ArrivalSpec spec;
    const auto random
        = [&](sim::RateProfile profile) { spec.model = sim::RandomArrivals{std::move(profile)}; };
    switch (word) {
    case ArrivalWord::Poisson:
        random({{{0, required(in, "ratePerS", kPositiveRate)}}, false});
        break;
    case ArrivalWord::Constant:
        spec.model = sim::EvenArrivals{required(in, "ratePerS", kPositiveRate)};
        break;
    case ArrivalWord::Ramp:
        random(readRamp(in));
        break;
    case ArrivalWord::Burst:
        random(readBurst(in));
        break;
    case ArrivalWord::Diurnal:
        random(readDiurnal(in));
        break;
    case ArrivalWord::Profile:
        random(readProfile(in));
        break;
    case ArrivalWord::Counts:
        random(readCounts(in));
        break;
    case ArrivalWord::Gaps: {
        sim::GapArrivals gaps{readPlainLaw(in, "gap", "the law of the gaps", source)};
        if (!(gaps.gap.mean() >= 1e-7))
            in.fail(Error::Code::OutOfRange, "gap", "gaps must last 100 ns in the mean or longer",
                    "raise them");
        spec.model = std::move(gaps);
        break;
    }
    case ArrivalWord::OnOff: {
        sim::OnOffArrivals model;
        model.rate = required(in, "ratePerS", kPositiveRate);
        model.on = readPlainLaw(in, "on", "the law of busy phases", source);
        model.off = readPlainLaw(in, "off", "the law of quiet phases", source);
        if (!(model.on.mean() >= 1e-6) || !(model.off.mean() >= 1e-6))
            in.fail(Error::Code::OutOfRange, "on", "phases must last 1 us in the mean or longer",
                    "raise them, or use \"poisson\"");
        spec.model = std::move(model);
        break;
    }
    case ArrivalWord::ClosedLoop: {
        sim::ClosedLoop loop;
        in.require("clients");
        loop.clients = static_cast<std::uint32_t>(in.integer("clients", {1, 1'000'000}, 1));
        loop.think = readPlainLaw(in, "think", "the law of the pauses", source);
        if (!(loop.think.mean() >= 1e-6)) // who is refused would call again at the same instant
            in.fail(Error::Code::OutOfRange, "think", "pauses must last 1 us in the mean or longer",
                    "raise them");
        spec.model = std::move(loop);
        break;
    }
    case ArrivalWord::Recording:
        spec.recording = readRecordingRef(in);
        spec.rateFactor = in.number("rateFactor", {1e-6, 1e6}, 1);
        break;
    case ArrivalWord::Trace:
        spec.trace = readTraceRef(in);
        spec.rateFactor = in.number("rateFactor", {1e-6, 1e6}, 1);
        spec.fromS = in.number("fromS", kStartS, 0);
        spec.even = in.choice<bool>("within", {{"poisson", false}, {"even", true}}, false);
        if (in.has("within") && spec.trace->kind == TraceRef::Kind::Azure2021)
            in.fail(Error::Code::Conflict, "within",
                    "the trace of 2021 tells when each invocation came", "take \"within\" away");
        break;
    }
    return spec;
}

} // namespace coldframe::scenario::detail

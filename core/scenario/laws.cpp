#include <fmt/format.h>

#include "scenario/parts.h"
#include "sim/elementary.h"

namespace coldframe::scenario::detail {

namespace {

using sim::Law;
constexpr double kLeastS = 0, kMostS = 1e8; // three years
constexpr NumberRange kSeconds{kLeastS, kMostS};
constexpr NumberRange kPositive{1e-9, kMostS};
constexpr NumberRange kShape{0.01, 1000};
constexpr std::size_t kMostSamples = 10'000'000;

enum class LawWord {
    Constant,
    Exponential,
    Uniform,
    Normal,
    Lognormal,
    Weibull,
    Pareto,
    Empirical,
    Samples,
    Fitted,
};

void readLognormal(JsonReader& in, Law& law)
{
    if (in.has("medianS") || in.has("mu")) {
        in.require("sigma");
        law.a = in.has("mu") ? in.number("mu", {-50, 50}, 0)
                             : sim::logOf(in.number("medianS", kPositive, 1));
        law.b = in.number("sigma", {0, 20}, 1);
    } else {
        in.require("meanS", "or give \"medianS\" and \"sigma\", or \"mu\" and \"sigma\"");
        in.require("deviationS");
        const double mean = in.number("meanS", kPositive, 1);
        law = Law::lognormalOf(mean, in.number("deviationS", kSeconds, 1));
    }
}

/// [[share, seconds], …]
void readQuantiles(JsonReader& in, Law& law)
{
    in.require("quantiles", "give pairs of share and seconds, from share 0 to share 1");
    const auto found = in.value("quantiles");
    if (!found)
        return;
    const auto wrong = [&](std::string message) {
        in.fail(Error::Code::Malformed, "quantiles", std::move(message),
                "write it as [[0, 0.01], [0.5, 0.02], [1, 0.4]]");
    };
    if (!found->isArray())
        return wrong("quantiles must be a list of pairs");
    for (const JsonValue& pair : found->elements()) {
        const auto parts = pair.isArray() ? pair.elements() : std::vector<JsonValue>();
        const auto isNumber
            = [](const JsonValue& part) { return part.kind() == JsonValue::Kind::Number; };
        if (parts.size() != 2 || !isNumber(parts[0]) || !isNumber(parts[1]))
            return wrong(fmt::format("a quantile is a pair of numbers, got {}", pair.compact()));
        const Law::Quantile next{parts[0].number(), parts[1].number()};
        if (!(next.share >= 0 && next.share <= 1 && next.seconds >= 0 && next.seconds <= kMostS))
            return wrong(
                fmt::format("a share lies between 0 and 1 and a time between 0 s and {} s, "
                            "got {}",
                            kMostS, pair.compact()));
        if (!law.quantiles.empty()
            && (next.share < law.quantiles.back().share
                || next.seconds < law.quantiles.back().seconds))
            return wrong(fmt::format("quantiles must not fall, but {} follows a larger one",
                                     pair.compact()));
        law.quantiles.push_back(next);
    }
    if (law.quantiles.size() < 2 || law.quantiles.front().share != 0
        || law.quantiles.back().share != 1)
        wrong("quantiles must begin with share 0 and end with share 1");
}

void readSamples(JsonReader& in, Law& law)
{
    in.require("samplesS");
    const auto found = in.value("samplesS");
    if (!found)
        return;
    const auto elements = found->isArray() ? found->elements() : std::vector<JsonValue>();
    for (const JsonValue& sample : elements) {
        const double seconds = sample.kind() == JsonValue::Kind::Number ? sample.number() : -1;
        if (!(seconds >= 0 && seconds <= kMostS)) {
            in.fail(Error::Code::OutOfRange, "samplesS",
                    fmt::format("a sample must be a number of seconds from 0 to {}, got {}", kMostS,
                                excerpt(sample)));
            return;
        }
        law.samples.push_back(static_cast<std::int64_t>(seconds * 1e9 + 0.5));
    }
    if (law.samples.empty() || law.samples.size() > kMostSamples)
        in.fail(Error::Code::Malformed, "samplesS",
                fmt::format("samplesS must be a list of 1 to {} numbers", kMostSamples));
}

} // namespace

RecordingRef readRecordingRef(JsonReader& in)
{
    in.require("recording", "name the folder of a recording, relative to this file");
    RecordingRef ref;
    ref.path = in.string("recording");
    ref.function = in.string("function");
    ref.pointer = in.pointer();
    return ref;
}

TraceRef readTraceRef(JsonReader& in)
{
    in.require("trace");
    in.require("path", "name the folder or file of the trace, relative to this file");
    TraceRef ref;
    ref.pointer = in.pointer();
    ref.kind = in.choice<TraceRef::Kind>(
        "trace",
        {{"azure2019", TraceRef::Kind::Azure2019}, {"azure2021", TraceRef::Kind::Azure2021}},
        TraceRef::Kind::Azure2019);
    ref.path = in.string("path");
    if (in.has("day")) {
        ref.day = static_cast<int>(in.integer("day", {1, 99}, 1));
        if (ref.kind == TraceRef::Kind::Azure2021)
            in.fail(Error::Code::Conflict, "day", "the trace of 2021 is one file for all its days",
                    "take \"day\" away");
    }
    if (!in.has("function"))
        in.require("rank", "1 is the function invoked most; or name one with \"function\"");
    else if (in.has("rank"))
        in.fail(Error::Code::Conflict, "rank",
                "a trace's function is named by \"function\" or by \"rank\", not by both",
                "take one of them away");
    ref.function = in.string("function");
    if (in.has("rank"))
        ref.rank = static_cast<std::uint32_t>(in.integer("rank", {1, 10'000'000}, 1));
    return ref;
}

Law readLaw(JsonReader& in, const Source&, FittedFrom fitted)
{
    in.require("law");
    const LawWord word = in.choice<LawWord>("law",
                                            {{"constant", LawWord::Constant},
                                             {"exponential", LawWord::Exponential},
                                             {"uniform", LawWord::Uniform},
                                             {"normal", LawWord::Normal},
                                             {"lognormal", LawWord::Lognormal},
                                             {"weibull", LawWord::Weibull},
                                             {"pareto", LawWord::Pareto},
                                             {"empirical", LawWord::Empirical},
                                             {"samples", LawWord::Samples},
                                             {"fitted", LawWord::Fitted}},
                                            LawWord::Constant);
    Law law;
    const auto required = [&](const char* key, NumberRange range) {
        in.require(key);
        return in.number(key, range, range.max < 1 ? range.max : 1);
    };
    switch (word) {
    case LawWord::Constant:
        law = Law::constant(required("meanS", kSeconds));
        break;
    case LawWord::Exponential:
        law = Law::exponential(required("meanS", kPositive));
        break;
    case LawWord::Uniform:
        law.kind = Law::Kind::Uniform;
        law.a = required("leastS", kSeconds), law.b = required("mostS", kSeconds);
        if (law.b < law.a)
            in.fail(Error::Code::Conflict, "mostS", "mostS must not be less than leastS");
        break;
    case LawWord::Normal:
        law.kind = Law::Kind::Normal;
        law.a = required("meanS", kSeconds), law.b = required("deviationS", kSeconds);
        break;
    case LawWord::Lognormal:
        law.kind = Law::Kind::Lognormal;
        readLognormal(in, law);
        break;
    case LawWord::Weibull:
        law.kind = Law::Kind::Weibull;
        law.a = required("scaleS", kPositive), law.b = required("shape", kShape);
        break;
    case LawWord::Pareto:
        law.kind = Law::Kind::Pareto;
        law.a = required("leastS", kPositive), law.b = required("shape", kShape);
        break;
    case LawWord::Empirical:
        law.kind = Law::Kind::Quantiles;
        readQuantiles(in, law);
        break;
    case LawWord::Samples:
        law.kind = Law::Kind::Samples;
        readSamples(in, law);
        break;
    case LawWord::Fitted:
        if (fitted.trace && in.has("trace"))
            *fitted.trace = readTraceRef(in);
        else if (fitted.recording)
            *fitted.recording = readRecordingRef(in);
        else
            in.fail(Error::Code::Conflict, "law", "\"fitted\" is only for a function's durations");
        break;
    }
    return law;
}

Law readPlainLaw(JsonReader& in, const std::string& key, const std::string& what,
                 const Source& source)
{
    in.require(key);
    auto inner = objectAt(in, key, what, source);
    if (!inner)
        return Law::constant(1);
    const Law law = readLaw(*inner, source, {});
    inner->rejectOtherKeys();
    return law;
}

std::optional<JsonReader> objectAt(JsonReader& in, const std::string& key, const std::string& what,
                                   const Source& source)
{
    const auto found = in.value(key);
    if (!found)
        return std::nullopt;
    JsonReader inner(source.text, *found, in.pointer(key), what, source.errors);
    if (!inner.valid())
        return std::nullopt;
    return inner;
}

} // namespace coldframe::scenario::detail

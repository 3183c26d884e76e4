#include "cost/example_estimate.h"

// Examples of https://aws.amazon.com/lambda/pricing/ and of tests of infracost. Durations are billed
// by whole milliseconds, which is what examples give.
namespace coldframe::cost {
namespace {

constexpr Wide kGb = Wide{1} << 30, kMib = Wide{1} << 20;
constexpr Wide kDaysOfMonth = 30; // as the page counts what durable functions keep

/// Streamed answers: a list of `count` answers of `KB` or `MB`, of which 6 MB each are free.
void addStreams(ExampleInputs& in, Estimate& out)
{
    constexpr Wide kFree = 6 * kMib;
    JsonReader& reader = in.reader();
    const std::optional<JsonValue> list = reader.value("streams");
    if (!list || !list->isArray())
        return reader.fail(Error::Code::Malformed, "streams",
                           "must be a list of answers: [{\"count\": 1000, \"MB\": 7}]");
    for (const JsonValue& stream : list->elements()) {
        const auto number = [&](const char* key) {
            const std::optional<JsonValue> value = stream.isObject() ? stream.find(key)
                                                                     : std::nullopt;
            const auto whole = value && value->kind() == JsonValue::Kind::Number ? value->integer()
                                                                                 : std::nullopt;
            return whole && *whole > 0 ? static_cast<Wide>(*whole) : Wide{0};
        };
        const Wide bytes = number("KB") * 1024 + number("MB") * kMib;
        if (bytes == 0 || number("count") == 0)
            reader.fail(Error::Code::Malformed, "streams",
                        "an answer needs its \"count\", and its size in \"KB\" or \"MB\"");
        else if (bytes > kFree)
            out.meters[Resource::Streamed] += number("count") * (bytes - kFree);
    }
}

void addDurable(ExampleInputs& in, Wide memoryMb, Architecture architecture, Estimate& out)
{
    const Wide executions = in.needed("executions");
    out.meters[computeOf(architecture, false)]
        += executions * in.needed("secondsPerExecution") * kNsOfSecond * memoryMb;
    out.meters[Resource::Requests] += executions * in.count("invocationsPerExecution", 1);
    out.meters[Resource::DurableOperations] += executions * in.needed("operationsPerExecution");
    const Wide bytes = in.count("dataGB") * kGb;
    const Wide days = in.count("runningDays") + in.count("retainDays");
    out.meters[Resource::DurableWritten] += bytes;
    out.meters[Resource::DurableKept] += bytes * days * 1000 / kDaysOfMonth;
}

/// Instances of EC2 under Lambda's management: their price, and a share of the on-demand price.
Estimate managed(ExampleInputs& in)
{
    Estimate out{.book = "aws-lambda-us-east-1", .freeTier = false};
    out.meters[Resource::Requests] = in.needed("requests");
    const auto hours = static_cast<Trillionths>(in.needed("instanceHours"));
    const Trillionths onDemand = in.dollars("onDemandHourly");
    const Trillionths paid = in.has("savingsPlanHourly") ? in.dollars("savingsPlanHourly")
                                                         : onDemand;
    out.extra = {{"ec2", hours * paid},
                 {"managementFee",
                  hours * onDemand / 100 * static_cast<Trillionths>(in.count("managementPercent"))}};
    return out;
}

/// Lambda@Edge: its examples name no architecture.
Estimate edge(ExampleInputs& in)
{
    Estimate out{.book = "aws-lambda-us-east-1", .freeTier = false};
    const Wide requests = in.needed("requests");
    out.meters[Resource::EdgeRequests] = requests;
    out.meters[Resource::EdgeCompute]
        = requests * in.needed("durationMs") * kNsOfMs * in.needed("memoryMB");
    return out;
}

void addPollers(ExampleInputs& in, Estimate& out)
{
    const Trillionths price = in.dollars("epuPrice");
    out.meters[Resource::QueuePollers] += in.needed("epuHours") * 3'600 * kNsOfSecond;
    if (price > 0)
        out.prices.emplace_back(Resource::QueuePollers, price);
}

void addProvisioned(ExampleInputs& in, Wide memoryMb, Architecture architecture, Estimate& out)
{
    constexpr Wide kStep = 300; // seconds
    const Wide seconds = roundedUp(in.needed("provisionedHours") * 3'600, kStep);
    out.meters[heldOf(architecture)]
        += in.needed("provisionedConcurrency") * seconds * kNsOfSecond * memoryMb;
    const Wide requests = in.count("provisionedRequests");
    out.meters[computeOf(architecture, true)]
        += requests * in.count("provisionedDurationMs") * kNsOfMs * memoryMb;
    out.meters[Resource::Requests] += requests + in.count("onDemandRequests");
    out.meters[computeOf(architecture, false)]
        += in.count("onDemandRequests") * in.count("onDemandDurationMs") * kNsOfMs * memoryMb;
}

} // namespace

Estimate estimateLambda(ExampleInputs& in)
{
    if (in.has("instanceHours"))
        return managed(in);
    if (!in.has("arch"))
        return edge(in);
    Estimate out{.book = "aws-lambda-us-east-1"};
    const Architecture architecture = in.reader().choice<Architecture>(
        "arch", {{"x86_64", Architecture::X86_64}, {"arm64", Architecture::Arm64}},
        Architecture::X86_64);
    readFreeTier(in, out);
    const Wide memoryMb = in.count("memoryMB");
    if (in.has("executions")) {
        addDurable(in, memoryMb, architecture, out);
        return out;
    }
    if (in.has("provisionedConcurrency")) {
        addProvisioned(in, memoryMb, architecture, out);
        return out;
    }
    const Wide requests = in.has("invocationsPerDayPerEsm")
        ? in.needed("invocationsPerDayPerEsm") * in.needed("esms") * in.needed("days")
        : in.has("invocationsPerDay") ? in.needed("invocationsPerDay") * in.needed("days")
                                      : in.needed("requests");
    const Wide durationMs = in.needed("durationMs");
    out.meters[Resource::Requests] = requests;
    out.meters[computeOf(architecture, false)] = in.has("gbSeconds")
        ? in.needed("gbSeconds") * kMbNsOfGbSecond
        : requests * durationMs * kNsOfMs * memoryMb;
    if (in.has("epuHours"))
        addPollers(in, out);
    if (in.has("streams"))
        addStreams(in, out);
    if (in.reader().boolean("streamFreeTierExhausted", false))
        out.withoutFree.emplace_back("streaming");
    if (in.has("cacheSeconds")) {
        out.meters[Resource::SnapshotCache]
            += in.needed("cacheSeconds") * kNsOfSecond * memoryMb * in.count("versions", 1);
        out.meters[Resource::SnapshotRestore]
            += requests * in.thousandths("restoreRatio") / 1000 * memoryMb;
    }
    return out;
}

} // namespace coldframe::cost

#include <algorithm>
#include <array>

#include "cost/example_estimate.h"

// Examples of Google, Microsoft and Cloudflare, with the rounding of each.
namespace coldframe::cost {
namespace {


/// A commitment or a region, as examples call it.
std::string variantIn(ExampleInputs& in)
{
    if (in.count("tier", 1) == 2)
        return "tier2";
    const std::string commitment = in.word("cud");
    return commitment == "1y" ? "cud-1y" : commitment;
}

/// Instances that live for a known time: jobs, worker pools, services without throttled CPU.
Estimate instanceBased(ExampleInputs& in, const std::string& kind)
{
    Estimate out{.book = kind == "workerPool" ? "gcp-cloud-run-workers" : "gcp-cloud-run-instances"};
    if (in.has("vcpuSeconds")) {
        out.meters[Resource::Vcpu] = in.needed("vcpuSeconds") * 1000 * kNsOfSecond;
        out.meters[Resource::Memory] = in.needed("gibSeconds") * kMbNsOfGbSecond;
        return out;
    }
    constexpr Wide kLeastSeconds = 60; // an instance is billed a minute at least
    const Wide seconds = in.has("hours")
        ? in.needed("hours") * 3'600
        : in.needed("runs") * std::max(in.needed("seconds"), kLeastSeconds);
    out.meters[Resource::Vcpu] = seconds * kNsOfSecond * in.thousandths("vcpu", 1000);
    out.meters[Resource::Memory] = seconds * kNsOfSecond * in.needed("memoryMiB");
    return out;
}

struct ClockOfMemory {
    Wide memoryMb, mhz;
};
/// https://cloud.google.com/functions/pricing-1stgen
constexpr std::array kFirstGeneration
    = {ClockOfMemory{128, 200},   ClockOfMemory{256, 400},   ClockOfMemory{512, 800},
       ClockOfMemory{1024, 1400}, ClockOfMemory{2048, 2400}, ClockOfMemory{4096, 4800},
       ClockOfMemory{8192, 4800}};

struct PremiumSize {
    const char* name;
    Wide vcpus, memoryMb;
};
/// https://learn.microsoft.com/azure/azure-functions/functions-premium-plan
constexpr std::array kPremium
    = {PremiumSize{"EP1", 1, 3584}, PremiumSize{"EP2", 2, 7168}, PremiumSize{"EP3", 4, 14336}};

} // namespace

/// Requests at work together share an instance, which is billed for their union by 100 ms.
Estimate estimateCloudRun(ExampleInputs& in)
{
    const std::string kind = in.word("kind");
    Estimate out{.book = "gcp-cloud-run"};
    if (!kind.empty()) {
        out = instanceBased(in, kind);
    } else {
        const Wide requests = in.needed("requests");
        const Wide each = roundedUp(in.needed("latencyMs"), 100) * kNsOfMs;
        const Wide concurrency = std::max<Wide>(in.count("concurrency", 1), 1);
        const Wide busy = requests * each / concurrency; // where instances are always full
        out.meters[Resource::Requests] = requests;
        out.meters[Resource::Vcpu] = busy * in.thousandths("vcpu", 1000);
        out.meters[Resource::Memory] = busy * in.needed("memoryMiB");
    }
    out.variant = variantIn(in);
    readFreeTier(in, out);
    return out;
}

Estimate estimateFirstGeneration(ExampleInputs& in)
{
    Estimate out{.book = "gcp-functions-1st-gen", .variant = variantIn(in)};
    const Wide requests = in.needed("invocations"), memoryMb = in.needed("memoryMB");
    const Wide time = requests * roundedUp(in.needed("durationMs"), 100) * kNsOfMs;
    Wide mhz = in.thousandths("ghz");
    for (const ClockOfMemory& size : kFirstGeneration)
        if (mhz == 0 && memoryMb <= size.memoryMb)
            mhz = size.mhz;
    out.meters[Resource::Requests] = requests;
    out.meters[Resource::Memory] = time * memoryMb;
    out.meters[Resource::Clock] = time * mhz;
    out.meters[Resource::Egress] = in.count("egressGB") << 30;
    readFreeTier(in, out);
    return out;
}

/// Observed memory by 128 MB, and milliseconds, 100 at least.
Estimate estimateConsumption(ExampleInputs& in)
{
    Estimate out{.book = "azure-functions-consumption"};
    if (in.has("mbMilliseconds")) { // "function execution units"
        out.isConversion = true;
        constexpr Wide kMbMsOfGbSecond = 1'024'000, kWhole = 1'000'000'000'000;
        out.extra = {{"gbSeconds",
                      static_cast<Trillionths>(in.needed("mbMilliseconds") * kWhole
                                               / kMbMsOfGbSecond)}};
        return out;
    }
    const Wide requests = in.needed("executions");
    const Wide time = std::max<Wide>(in.needed("durationMs"), 100) * kNsOfMs;
    out.meters[Resource::Requests] = requests;
    out.meters[Resource::ComputeX86]
        = requests * time * std::max<Wide>(roundedUp(in.needed("memoryMB"), 128), 128);
    readFreeTier(in, out);
    return out;
}

/// The memory of instances while at least one execution is active on them, a second at least.
Estimate estimateFlex(ExampleInputs& in)
{
    Estimate out{.book = "azure-functions-flex"};
    const Wide seconds = std::max<Wide>(in.needed("activeSeconds"), 1);
    out.meters[Resource::Requests] = in.has("executions")
        ? in.needed("executions")
        : in.needed("requestsPerSecond") * seconds;
    out.meters[Resource::ComputeX86] = in.needed("instances") * seconds * kNsOfSecond
        * in.thousandths("instanceGB") * 1024 / 1000;
    readFreeTier(in, out);
    return out;
}

Estimate estimatePremium(ExampleInputs& in)
{
    Estimate out{.book = "azure-functions-premium"};
    const std::string name = in.word("sku");
    const auto size = std::ranges::find(kPremium, name, &PremiumSize::name);
    if (size == kPremium.end()) {
        in.reader().fail(Error::Code::Malformed, "sku", "must be \"EP1\", \"EP2\" or \"EP3\"");
        return out;
    }
    const Wide time
        = std::max<Wide>(in.count("instances", 1), 1) * in.needed("hours") * 3'600 * kNsOfSecond;
    out.meters[Resource::Vcpu] = time * size->vcpus * 1000;
    out.meters[Resource::Memory] = time * size->memoryMb;
    return out;
}

/// Processor time; requests for static files are free.
Estimate estimateWorkers(ExampleInputs& in)
{
    Estimate out{.book = "cloudflare-workers"};
    const Wide requests = in.needed("requests") * (1000 - std::min<Wide>(in.thousandths(
                                                              "staticAssetShare"), 1000)) / 1000;
    out.meters[Resource::Subscription] = 1000;
    out.meters[Resource::Requests] = requests;
    out.meters[Resource::CpuTime] = requests * in.needed("cpuMs") * kNsOfMs;
    return out;
}

} // namespace coldframe::cost

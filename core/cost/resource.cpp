#include "cost/resource.h"

#include <algorithm>

namespace coldframe::cost {
namespace {

constexpr Wide kSecond = 1'000'000'000;
constexpr Wide kHour = 3'600 * kSecond;
constexpr Wide kGbSecond = 1024 * kSecond; // in MB·ns
constexpr Wide kThousandth = 1000; // of vCPUs, GHz and months, which are counted by it
constexpr Wide kGb = Wide{1} << 30;

constexpr Unit kRequests[] = {{"USD per 1M requests", "requests", 1, 1'000'000}};
constexpr Unit kMemoryTime[] = {{"USD per GB-s", "GB-s", kGbSecond, kGbSecond},
                                {"USD per GiB-s", "GiB-s", kGbSecond, kGbSecond},
                                {"USD per GB-hour", "GB-hours", 1024 * kHour, 1024 * kHour}};
constexpr Unit kVcpuTime[]
    = {{"USD per vCPU-s", "vCPU-s", kThousandth * kSecond, kThousandth* kSecond},
       {"USD per vCPU-hour", "vCPU-hours", kThousandth* kHour, kThousandth* kHour}};
constexpr Unit kClockTime[]
    = {{"USD per GHz-s", "GHz-s", kThousandth * kSecond, kThousandth* kSecond}};
constexpr Unit kCpuTime[] = {{"USD per 1M CPU-ms", "CPU-ms", 1'000'000, Wide{1'000'000} * 1'000'000}};
constexpr Unit kBytes[] = {{"USD per GB", "GB", kGb, kGb}};
constexpr Unit kMemory[] = {{"USD per GB", "GB", 1024, 1024}};
constexpr Unit kPollers[] = {{"USD per EPU-hour", "EPU-hours", kHour, kHour}};
constexpr Unit kOperations[] = {{"USD per 1M operations", "operations", 1, 1'000'000}};
constexpr Unit kKept[]
    = {{"USD per GB-month", "GB-months", kThousandth * kGb, kThousandth* kGb}};
constexpr Unit kEdge[] = {{"USD per 128 MB-s", "128 MB-s", 128 * kSecond, 128 * kSecond}};
constexpr Unit kMonths[] = {{"USD per month", "months", kThousandth, kThousandth}};

constexpr std::array<ResourceFacts, kResources> kFacts = {{
    {"requests", "Requests", kRequests},
    {"x86_64.compute", "Compute x86_64", kMemoryTime},
    {"x86_64.provisionedCompute", "Provisioned compute x86_64", kMemoryTime},
    {"x86_64.provisioned", "Provisioned instances x86_64", kMemoryTime},
    {"arm64.compute", "Compute arm64", kMemoryTime},
    {"arm64.provisionedCompute", "Provisioned compute arm64", kMemoryTime},
    {"arm64.provisioned", "Provisioned instances arm64", kMemoryTime},
    {"ephemeralStorage", "Temporary storage", kMemoryTime},
    {"streaming", "Streamed answers", kBytes},
    {"vcpu", "vCPU", kVcpuTime},
    {"memory", "Memory", kMemoryTime},
    {"clock", "Processor clock", kClockTime},
    {"idle.vcpu", "vCPU, idle", kVcpuTime},
    {"idle.memory", "Memory, idle", kMemoryTime},
    {"idle.clock", "Processor clock, idle", kClockTime},
    {"cpuTime", "CPU time", kCpuTime},
    {"egress", "Egress", kBytes},
    {"snapshot.cache", "Snapshot cache", kMemoryTime},
    {"snapshot.restore", "Snapshot restores", kMemory},
    {"pollers.queue", "Queue pollers", kPollers},
    {"pollers.stream", "Stream pollers", kPollers},
    {"durable.operations", "Durable operations", kOperations},
    {"durable.written", "Durable data written", kBytes},
    {"durable.kept", "Durable data kept", kKept},
    {"edge.requests", "Edge requests", kRequests},
    {"edge.compute", "Edge compute", kEdge},
    {"subscription", "Subscription", kMonths},
}};

} // namespace

const char* nameOf(Architecture architecture)
{
    return architecture == Architecture::Arm64 ? "arm64" : "x86_64";
}

const ResourceFacts& factsOf(Resource resource)
{
    return kFacts[static_cast<std::size_t>(resource)];
}

std::optional<Resource> resourceOf(std::string_view key)
{
    const auto found = std::ranges::find(kFacts, key, &ResourceFacts::key);
    if (found == kFacts.end())
        return std::nullopt;
    return static_cast<Resource>(found - kFacts.begin());
}

} // namespace coldframe::cost

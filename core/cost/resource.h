#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cost/wide.h"

namespace coldframe::cost {

enum class Architecture : std::uint8_t { X86_64, Arm64 };
inline constexpr std::array kArchitectures = {Architecture::X86_64, Architecture::Arm64};
const char* nameOf(Architecture architecture); ///< "x86_64", "arm64"

/// What platforms charge for, each counted in a whole number of its smallest unit. The lines of a
/// bill come in this order.
enum class Resource : std::uint8_t {
    Requests,
    ComputeX86, ///< memory of attempts for their billed time, on-demand instances: MB·ns
    ProvisionedComputeX86, ///< the same on instances kept ready
    HeldX86, ///< memory of instances for the time they are kept ready
    ComputeArm,
    ProvisionedComputeArm,
    HeldArm,
    Ephemeral, ///< temporary storage above the free size, for the billed time: MB·ns
    Streamed, ///< of streamed answers, above the free size: bytes
    Vcpu, ///< of instances while they serve: thousandths of a vCPU times ns
    Memory, ///< likewise: MB·ns
    Clock, ///< likewise: MHz·ns
    IdleVcpu, ///< of instances kept ready that do nothing
    IdleMemory,
    IdleClock,
    CpuTime, ///< processor time that was used: ns
    Egress, ///< to the internet: bytes
    SnapshotCache, ///< a snapshot of a version being kept: MB·ns
    SnapshotRestore, ///< memory of instances made from a snapshot: MB
    QueuePollers, ///< provisioned pollers of queues: pollers times ns
    StreamPollers, ///< of Kafka topics
    DurableOperations,
    DurableWritten, ///< bytes
    DurableKept, ///< bytes times thousandths of a month
    EdgeRequests,
    EdgeCompute, ///< MB·ns
    Subscription, ///< thousandths of a month
};
inline constexpr std::size_t kResources = static_cast<std::size_t>(Resource::Subscription) + 1;

/// A way to price a resource.
struct Unit {
    const char* priced; ///< as price books write it: "USD per GB-s"
    const char* name; ///< of a quantity, as bills show it: "GB-s"
    Wide size; ///< metered units in one of it
    Wide per; ///< metered units that one price buys
    /// As free quantities write it: "GB-s per month".
    std::string freeName() const { return std::string(name) + " per month"; }
};

struct ResourceFacts {
    const char* key; ///< below "prices", parts joined by a dot: "x86_64.compute"
    const char* title; ///< "Compute x86_64"
    std::span<const Unit> units; ///< in which it may be priced; the first one is the usual
};
const ResourceFacts& factsOf(Resource resource);
std::optional<Resource> resourceOf(std::string_view key); ///< by ResourceFacts::key

/// Calls visit(resource) for all, in their order.
template <typename Visit> void forEachResource(Visit&& visit)
{
    for (std::size_t i = 0; i < kResources; ++i)
        visit(static_cast<Resource>(i));
}

} // namespace coldframe::cost

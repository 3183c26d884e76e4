#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/model.h"

namespace coldframe::study {

/// Of an account without a limit.
inline constexpr std::uint32_t kUnlimited = 0xffff'ffff;

/// What reservations and provisioned instances leave of the account to the others.
std::uint32_t openCapacity(const sim::Model& model);

/// Functions that have to be simulated together, and the backends, queues and streams that are
/// theirs alone.
struct FunctionGroup {
    sim::Model model; ///< they have all that reservations leave of the account to themselves
    std::vector<std::size_t> functions, backends, queues, streams; ///< of `model`, in the whole one
    bool byKernel = false; ///< one function that the kernel can do
};

/// Two functions that visit the same backend, or read the same queue or one that the other's
/// messages end in, are in one group, those that share none in two. What nobody visits or reads is
/// in none, but dead-letter queues are with the queues that lead to them.
std::vector<FunctionGroup> groupsOf(const sim::Model& model);

} // namespace coldframe::study

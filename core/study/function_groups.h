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

/// Functions that have to be simulated together, and the backends that only they visit.
struct FunctionGroup {
    sim::Model model; ///< they have all that reservations leave of the account to themselves
    std::vector<std::size_t> functions, backends; ///< those of `model`, in the whole one
    bool byKernel = false; ///< one function that the kernel can do
};

/// Two functions that visit the same backend are in one group, those that share none in two.
/// Backends that nobody visits are in none.
std::vector<FunctionGroup> groupsOf(const sim::Model& model);

} // namespace coldframe::study

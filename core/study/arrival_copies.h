#pragma once

#include <cstdint>
#include <vector>

#include "sim/stream.h"

namespace coldframe::study {

/// Each time as often as the factor says, its copies evenly up to the next; a part of one by
/// `chance`. `times`: ns, ascending, as are the copies.
std::vector<std::int64_t> copied(const std::vector<std::int64_t>& times, double factor,
                                 const sim::Stream& chance);

} // namespace coldframe::study

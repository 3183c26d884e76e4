#pragma once

#include <cstdint>

namespace coldframe::study {

/// Bytes that can still be used without swapping; the largest number where the system does not say.
std::uint64_t freeMemory();

} // namespace coldframe::study

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/time.h"

namespace coldframe {

/// An object that an attempt wrote into a store of the workspace.
struct Output {
    std::string store, key;
    std::uint64_t bytes = 0;

    bool operator==(const Output&) const = default;
};

/// What one attempt did with the stores, as far as it asked for it by their S3 endpoint.
struct StoreWork {
    std::vector<Output> outputs; ///< each object once, in order of the first write
    std::uint64_t moreOutputs = 0; ///< written beyond those that are listed
    Duration retrieval{}; ///< measured: requests that read were under way
    Duration storing{}; ///< measured: the same of those that write and delete

    bool empty() const
    {
        return outputs.empty() && retrieval == Duration::zero() && storing == Duration::zero();
    }
};

inline constexpr std::size_t kMostOutputs = 10'000; ///< of one attempt, in the list

} // namespace coldframe

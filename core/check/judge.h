#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "check/expectation.h"
#include "check/mismatch.h"
#include "model/error.h"

namespace coldframe::check {

/// An object that was made, or changed, while the event was being served.
struct WrittenObject {
    std::string store, key;
    std::uint64_t bytes = 0;
};

/// How a test event went.
struct Observed {
    Status status = Status::Succeeded;
    std::string payload; ///< the result, or the error document
    std::string log;
    bool initialised = false; ///< an init was run for it, and `init` is its time
    Duration platform{}, init{}; ///< modelled without waits for a core; measured
    Money cost; ///< modelled
    std::vector<WrittenObject> written; ///< by store and key
    /// Reads what was written; asked only for objects whose content is expected.
    std::function<Result<std::string>(const WrittenObject&)> read;
};

/// What an error document says.
struct ErrorWords {
    std::string type; ///< "Unknown" when it does not say
    std::string message; ///< without the request id that the platform puts before it
};
ErrorWords errorWords(const std::string& payload);

/// Everything that is not as expected, in order of the list in docs/TESTING.md; empty when the
/// test has passed. Another status than the expected one is the only mismatch, as all else follows
/// from it.
std::vector<Mismatch> judge(const Expectation& expectation, const Observed& observed);

} // namespace coldframe::check

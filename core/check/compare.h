#pragma once

#include <vector>

#include "check/expectation.h"
#include "check/mismatch.h"
#include "check/subject.h"

// Compares a JSON value with what is expected of it. Inside of this room.
namespace coldframe::check {

/// Where an expected value stands in the expectation.
struct Expected {
    JsonValue value;
    std::string pointer;
};

/// Appends what is not as expected, until there are `limit`. Objects may hold more than expected,
/// lists not; operators say otherwise. Lines and columns stay empty.
void compare(const Expectation& expectation, const Expected& expected, const JsonValue& got,
             const Subject& subject, std::vector<Mismatch>& mismatches,
             std::size_t limit = kMaxMismatches);

} // namespace coldframe::check

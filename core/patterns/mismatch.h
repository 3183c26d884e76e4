#pragma once

#include <string>

namespace coldframe::patterns {

/// Why an event does not match.
struct Mismatch {
    std::string field; ///< "detail.items[2].state"; empty of the event as a whole
    std::string pointer; ///< JSON Pointer of that place in the event, also of what is not there
    std::string reason; ///< "\"aws.s3\" is not one of \"aws.ec2\" and \"aws.ecs\""
};

/// "source: \"aws.s3\" is not \"aws.ec2\"".
std::string describe(const Mismatch& mismatch);

} // namespace coldframe::patterns

#pragma once

#include <string_view>

#include "model/json_text.h"

namespace coldframe {

/// Whether lists and objects lie in each other more than `most` deep in a JSON text.
///
/// Ask this of text from elsewhere before nlohmann::json reads it: its values are copied and
/// written by recursion, and 100,000 brackets in a row end the program. Of text that is no JSON the
/// answer means nothing.
bool isDeeperThan(int most, std::string_view json);
inline bool isTooDeep(std::string_view json)
{
    return isDeeperThan(kMaxJsonDepth, json);
}

} // namespace coldframe

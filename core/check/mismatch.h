#pragma once

#include <cstddef>
#include <string>

namespace coldframe::check {

/// Most that are told of one test event; what follows is rarely news.
inline constexpr std::size_t kMaxMismatches = 100;

/// One thing that is not as it was expected.
struct Mismatch {
    std::string pointer; ///< JSON Pointer of the expectation: "/result/statusCode"
    int line = 0, column = 0; ///< where that stands in its file
    std::string expected, got; ///< JSON or words, up to 64 KB; `got` empty: there is nothing
    std::string sentence; ///< "/statusCode of the result is 500 instead of 200"
};

} // namespace coldframe::check

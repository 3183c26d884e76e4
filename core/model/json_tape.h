#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/json_text.h"

// Inside of json_text: what the scanner records. Not for other rooms.
//
// Why an own scanner: nlohmann/json tells no position of any value but the one it failed at, drops
// the first of two equal keys without a word, and its ordered object searches all earlier keys at
// each insertion, which is quadratic. A flat list of offsets costs one pass and keeps all three.
namespace coldframe::detail {

inline constexpr std::uint32_t kNoKey = 0xffff'ffff;

struct JsonNode {
    JsonValue::Kind kind = JsonValue::Kind::Null;
    std::uint32_t begin = 0, end = 0; ///< offsets of the value in the text
    std::uint32_t key = kNoKey; ///< offset of the key's opening quote
    std::uint32_t next = 0; ///< index of the node after this one's subtree
};

struct JsonTape {
    std::string text;
    std::string fileName;
    std::vector<JsonNode> nodes; ///< a parent stands before its children
};

/// Line and column of a byte offset, from 1.
struct TextPlace {
    int line = 1, column = 1;
};
TextPlace placeOf(std::string_view text, std::size_t offset);

/// The text of a string token whose opening quote stands at `quote`, escapes resolved.
std::string decodeString(std::string_view text, std::size_t quote);
/// As above, without a copy where nothing is escaped; `storage` holds the text otherwise.
std::string_view decodeString(std::string_view text, std::size_t quote, std::string& storage);

/// Fills `tape.nodes` from `tape.text`. The error says what was expected, and where.
Result<void> scanJson(JsonTape& tape);

} // namespace coldframe::detail

#pragma once

#include <string>
#include <string_view>

namespace coldframe::ui {

struct ShapeNode;

/// Whether `text` begins with, or holds, what was typed; ASCII letters in either case.
bool startsLike(std::string_view text, std::string_view beginning);
bool holdsLike(std::string_view text, std::string_view part);

/// A JSON string without its quotes, escapes as they are; other JSON as it is.
std::string withoutQuotes(std::string_view json);
/// At most 40 bytes, cut where a character begins.
std::string shortened(const std::string& text);
/// What stands beside a key: what it is, else an example.
std::string noteOf(const ShapeNode& node);

/// An S3 key as an event carries it, as it is: '+' is a space, %XX a byte.
std::string decodedKey(std::string_view key);

} // namespace coldframe::ui

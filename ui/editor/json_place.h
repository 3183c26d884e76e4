#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe::ui {

/// One step from a JSON value to a value in it.
struct JsonStep {
    bool element = false; ///< of a list, at `index`; else the member `key`
    std::string key;
    std::size_t index = 0;
    bool operator==(const JsonStep&) const = default;
};
using JsonPath = std::vector<JsonStep>;

/// "Records[0].s3.bucket", or "Records[].s3.bucket" of any element. For comparing with paths that
/// have neither dots nor brackets in their keys, as those of events.
std::string pathText(const JsonPath& path, bool withIndices);

/// A member that was read: "Records[0].eventSource" is "aws:s3".
struct JsonFact {
    std::string path; ///< with indices
    std::string value; ///< of a string without its quotes, of other plain values as written
    bool operator==(const JsonFact&) const = default;
};

/// What is being typed at a place of a JSON text, however unfinished the text is.
struct JsonPlace {
    enum class Kind { Nothing, Key, Value };
    Kind kind = Kind::Nothing;
    JsonPath path; ///< of the object that gets the key, or of the value itself
    bool inString = false;
    std::string typed; ///< from the beginning of the token to the cursor, without the quote
    std::size_t from = 0, to = 0; ///< bytes of the token, with its quotes; empty: at the cursor
    bool hasColon = false; ///< a colon follows the key
    bool commaAfter = false; ///< what is put here must be followed by one
    std::optional<std::size_t> commaAt; ///< where the value before lacks one
    std::vector<std::string> siblings; ///< the other keys of the object the key is for
    /// Members down to six levels, of lists only the first element and those around the cursor.
    std::vector<JsonFact> facts;
};

/// Looks at the whole text once, from left to right: 1 MB takes some milliseconds.
///
/// A string ends at its quote or at the end of its line. A missing comma, colon or bracket is
/// bridged: a string before a colon is a key wherever it stands, and a closing bracket closes what
/// is still open inside its pair. Behind a finished value of a list, and deeper than events are
/// nested (200 levels), nothing can be typed.
///
/// @param cursor in bytes of the UTF-8 text; beyond its end counts as its end.
JsonPlace jsonPlaceAt(std::string_view text, std::size_t cursor);

} // namespace coldframe::ui

#pragma once

#include <string>
#include <utility>

// How values are spoken of in sentences. Inside of this room.
namespace coldframe::check {

/// A place in a document: "the result", "/body/0 of the result".
struct Subject {
    std::string whole; ///< "the result"
    std::string pointer; ///< JSON Pointer in it
    std::string text() const { return pointer.empty() ? whole : pointer + " of " + whole; }
};

/// A text cut to what fits into a sentence, with … where something is left out.
std::string shortened(const std::string& text);
/// Two texts, likewise; of long ones that begin alike, the places where they part.
std::pair<std::string, std::string> shortenedPair(const std::string& a, const std::string& b);
/// A text as a JSON string; bytes that are no UTF-8 are replaced.
std::string asJson(const std::string& text);
/// At most 300 bytes; line ends and other control characters become blanks.
std::string oneLine(const std::string& text);

} // namespace coldframe::check

#pragma once

#include <string>
#include <string_view>

#include "model/error.h"

namespace coldframe::traces {

/// A file of comma-separated values in memory. The text must outlive what is read from it.
struct CsvText {
    std::string_view text;
    std::string file; ///< as the user wrote it, for errors
};

/// An error with line and column of a place in the text. Lines are counted only now: a reader of
/// gigabytes that finds nothing wrong never has to.
Error errorAt(const CsvText& csv, const char* at, Error::Code code, std::string message,
              std::string hint);

/// The text from a place to the end of its field, at most 40 characters, in quotes.
std::string quotedField(const CsvText& csv, const char* at);

/// The first place after the line that holds `at`; the end of the text after the last.
const char* nextLine(const CsvText& csv, const char* at);

/// At the end of a line: "\n", "\r\n", or the end of the text.
inline bool atLineEnd(const char* at, const char* end)
{
    return at == end || *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] == '\n'));
}

} // namespace coldframe::traces

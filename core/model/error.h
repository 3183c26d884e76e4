#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace coldframe {

/// An expected failure. It says what happened, where, and what to do next.
struct Error {
    enum class Code {
        Malformed, ///< not the shape it must have
        Missing, ///< a file, field, program or name that is not there
        OutOfRange, ///< a number outside its bounds
        UnknownKey, ///< a key the format does not know
        Duplicate, ///< a name used twice
        Conflict, ///< two settings that exclude each other
        LimitReached, ///< a bound on size or count
        Unavailable, ///< a port, lock or service that is taken or gone
        Io, ///< the system refused a read or write
    };
    Code code = Code::Malformed;
    std::string message; ///< what happened: "memoryMb must be between 128 and 10240, got 64"
    std::string hint; ///< what to do next; may be empty when the message already says it
    std::string file; ///< path as the user wrote it; empty when there is none
    std::string pointer; ///< JSON Pointer into the file; empty when there is none
    int line = 0; ///< from 1; 0 when unknown
    int column = 0; ///< from 1; 0 when unknown
};

/// A value or an Error.
template <typename T> using Result = tl::expected<T, Error>;

/// "coldframe.json:12:9: /functions/f/memoryMb: must be …; lower it." One line, for terminals.
std::string describe(const Error& error);
/// One described error per line.
std::string describe(const std::vector<Error>& errors);

} // namespace coldframe

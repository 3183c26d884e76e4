#pragma once

#include <cstdint>

namespace coldframe::instance {

/// What the app asks for: `name=value` words, then `--` and the program's own arguments.
/// Descriptors are numbers the app left open for this process; -1 stands for none.
struct Arguments {
    int control = -1; ///< end of file on it: kill the tree, remove the folder, go
    int status = -1; ///< takes StatusRecords; may be the same socket as `control`
    int input = -1; ///< the program's standard streams; none is /dev/null
    int output = -1;
    int errors = -1;
    std::uint64_t mark = 0; ///< hard RLIMIT_RTTIME of the tree; 0 sets none
    std::uint64_t dataLimit = 0; ///< RLIMIT_DATA in bytes; 0 sets none
    std::uint64_t fileLimit = 0; ///< RLIMIT_FSIZE in bytes; 0 sets none
    std::uint64_t cpuShare = 0; ///< millionths of a core while it works; 0 leaves it alone
    const char* folder = nullptr; ///< the program's working folder
    const char* temporary = nullptr; ///< removed with all that lies in it before this process ends
    const char* program = nullptr; ///< absolute path; without one, only `temporary` is removed
    char** argv = nullptr; ///< of the program, ended by a null pointer
};

/// False when a word is unknown or malformed.
bool parse(char** words, Arguments& arguments);

} // namespace coldframe::instance

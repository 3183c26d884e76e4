#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace coldframe::check {

/// How a test event may be expected to end, and how it ended. `Failed` is only expected: it stands
/// for every ending after it but `Throttled`, which is the platform's doing.
enum class Status : std::uint8_t {
    Succeeded,
    Failed,
    FunctionError,
    Timeout,
    Crashed,
    OutOfMemory,
    InitError,
    ResponseTooLarge,
    InvalidResponse,
    Cancelled,
    Throttled,
};

/// As expectation files, JUnit reports and the screen spell it: "function-error".
const char* word(Status status);
/// The words an expectation may use, in order of the enumeration; `Cancelled` is none of them.
const std::vector<std::string>& expectableWords();

constexpr bool isFailure(Status status)
{
    return status != Status::Succeeded && status != Status::Throttled;
}
/// Whether what happened is what was expected.
constexpr bool satisfies(Status got, Status expected)
{
    return got == expected || (expected == Status::Failed && isFailure(got));
}

} // namespace coldframe::check

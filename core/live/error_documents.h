#pragma once

#include <cstdint>
#include <string>

#include "engine/action.h"
#include "model/time.h"

// What the platform itself says when a function cannot answer, and its log lines.
// Shapes: recorded from AWS Lambda 2025-11…2026-01 (LocalStack snapshot tests), and the AWS Lambda
// Runtime Interface Emulator's error types, read 2026-11.
namespace coldframe::live {

struct ErrorDocument {
    std::string type;
    std::string json;
};

/// {"errorType": …, "errorMessage": "RequestId: … Error: …"}
ErrorDocument timedOut(const std::string& requestId, Duration timeout);
/// The process ended by itself: `signal` 0 means with `code`.
ErrorDocument exited(const std::string& requestId, int code, int signal);
/// Any other error of the platform, in the same shape.
ErrorDocument platformError(const std::string& requestId, const std::string& type,
                            const std::string& message);
ErrorDocument responseTooLarge(std::uint32_t limitBytes);
ErrorDocument cancelled(const std::string& requestId);

/// The errorType of an error document a function sent; "Unknown" when there is none.
std::string errorTypeOf(const std::string& json);

/// "START …\n<output>END …\nREPORT …\n" as the platform logs it.
struct LogParts {
    std::string requestId;
    std::string output;
    std::uint64_t outputDropped = 0;
    engine::Outcome outcome = engine::Outcome::Succeeded;
    std::string errorType;
    Duration platform{}, billed{}, init{};
    bool cold = false;
    bool debugged = false; ///< it has no platform time; its line says `desk`
    Duration desk{};
    std::uint32_t memoryMb = 0, peakMemoryKb = 0;
};
std::string logText(const LogParts& parts);
/// The REPORT line alone, without a line end.
std::string reportLine(const LogParts& parts);

} // namespace coldframe::live

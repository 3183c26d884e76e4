#include "live/error_documents.h"

#include <cstring>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace coldframe::live {

namespace {

/// "segmentation fault", as Go's runtime words it in the platform's messages.
std::string signalName(int signal)
{
    const char* name = strsignal(signal);
    std::string text = name ? name : "signal " + std::to_string(signal);
    if (!text.empty())
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

} // namespace

ErrorDocument platformError(const std::string& requestId, const std::string& type,
                            const std::string& message)
{
    const std::string text = fmt::format("RequestId: {} Error: {}", requestId, message);
    // What a program printed may be in it, and need not be UTF-8.
    return {type,
            nlohmann::ordered_json{{"errorType", type}, {"errorMessage", text}}.dump(
                -1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

ErrorDocument timedOut(const std::string& requestId, Duration timeout)
{
    return platformError(requestId, "Sandbox.Timedout",
                         fmt::format("Task timed out after {:.2f} seconds", toSeconds(timeout)));
}

ErrorDocument exited(const std::string& requestId, int code, int signal)
{
    if (signal != 0)
        return platformError(requestId, "Runtime.ExitError",
                             "Runtime exited with error: signal: " + signalName(signal));
    if (code == 0)
        return platformError(requestId, "Runtime.ExitError",
                             "Runtime exited without providing a reason");
    return platformError(requestId, "Runtime.ExitError",
                         fmt::format("Runtime exited with error: exit status {}", code));
}

ErrorDocument responseTooLarge(std::uint32_t limitBytes)
{
    const std::string type = "Function.ResponseSizeTooLarge";
    return {type,
            nlohmann::ordered_json{
                {"errorMessage",
                 fmt::format("Response payload size exceeded maximum allowed payload size "
                             "({} bytes).",
                             limitBytes)},
                {"errorType", type}}
                .dump()};
}

ErrorDocument cancelled(const std::string& requestId)
{
    return platformError(requestId, "Coldframe.Cancelled", "The attempt was cancelled by the user");
}

std::string errorTypeOf(const std::string& json)
{
    const auto document = nlohmann::json::parse(json, nullptr, false);
    if (document.is_object()) {
        const auto type = document.find("errorType");
        if (type != document.end() && type->is_string())
            return type->get<std::string>();
    }
    return "Unknown";
}

std::string reportLine(const LogParts& parts)
{
    std::string line = fmt::format(
        "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {} MB\t"
        "Max Memory Used: {} MB",
        parts.requestId, toMilliseconds(parts.debugged ? parts.desk : parts.platform),
        parts.billed / std::chrono::milliseconds(1), parts.memoryMb,
        (parts.peakMemoryKb + 1023) / 1024);
    if (parts.cold && parts.init > Duration::zero())
        line += fmt::format("\tInit Duration: {:.2f} ms", toMilliseconds(parts.init));
    if (parts.debugged)
        line += "\tDebugged";
    using engine::Outcome;
    if (parts.outcome == Outcome::TimedOut)
        line += "\tStatus: timeout";
    else if (parts.outcome != Outcome::Succeeded && parts.outcome != Outcome::FunctionError)
        line += "\tStatus: error\tError Type: " + parts.errorType;
    return line;
}

std::string logText(const LogParts& parts)
{
    std::string text = fmt::format("START RequestId: {} Version: $LATEST\n", parts.requestId);
    text += parts.output;
    if (!parts.output.empty() && parts.output.back() != '\n')
        text += '\n';
    if (parts.outputDropped > 0)
        text += fmt::format("[{} bytes of output were dropped: more than this log may hold]\n",
                            parts.outputDropped);
    text += fmt::format("END RequestId: {}\n{}\n", parts.requestId, reportLine(parts));
    return text;
}

} // namespace coldframe::live

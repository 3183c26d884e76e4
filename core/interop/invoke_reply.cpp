#include "interop/invoke_reply.h"

#include "interop/invoke_errors.h"
#include "model/base64.h"

namespace coldframe::interop {
namespace {

constexpr std::size_t kLogTail = 4096;
constexpr std::size_t kUsualHeaders = 192; ///< bytes; a result without a log fits

// One string a thread, so that an answer allocates nothing.
std::string& headers(std::string_view first, std::string_view requestId)
{
    thread_local std::string lines;
    if (lines.capacity() < kUsualHeaders)
        lines.reserve(kUsualHeaders);
    lines.assign(first);
    lines += "x-amzn-RequestId: ";
    lines += requestId;
    lines += "\r\n";
    return lines;
}

} // namespace

void InvokeReply::result(const std::shared_ptr<const std::string>& payload, bool failed,
                         std::string_view log)
{
    std::string& lines = headers(
        "Content-Type: application/json\r\nX-Amz-Executed-Version: $LATEST\r\n", m_requestId);
    if (failed)
        lines += "X-Amz-Function-Error: Unhandled\r\n";
    if (m_wantsLog) {
        if (log.size() > kLogTail)
            log.remove_prefix(log.size() - kLogTail);
        lines += "X-Amz-Log-Result: ";
        lines += toBase64(log);
        lines += "\r\n";
    }
    m_responder.respond(200, lines, payload);
}

void InvokeReply::accepted()
{
    m_responder.respond(202, headers("", m_requestId), "");
}

void InvokeReply::dryRun()
{
    m_responder.respond(204, headers("", m_requestId), "");
}

void InvokeReply::error(const ApiError& error)
{
    m_responder.respond(error.status, errorHeaders(error, m_requestId), errorBody(error));
}

} // namespace coldframe::interop

#include "s3/reply.h"

namespace coldframe::s3 {

Reply replyOf(const S3Error& error, const Call& call)
{
    Reply reply;
    reply.status = error.status;
    if (error.status != 304) {
        reply.header("Content-Type", "application/xml");
        reply.body = errorBody(error, call.resource(), call.id);
    }
    return reply;
}

Reply document(std::string xml)
{
    Reply reply;
    reply.header("Content-Type", "application/xml");
    reply.body = std::move(xml);
    return reply;
}

std::string commonHeaders(const Call& call)
{
    return "x-amz-request-id: " + call.id + "\r\nx-amz-id-2: Y29sZGZyYW1l\r\n";
}

} // namespace coldframe::s3

#include "http/request_parser.h"

#include <optional>

#include "http/beast_parser.h"

namespace coldframe::http {
namespace {

/// "http://host:1/path" is what a client sends that takes us for its proxy. Returns the authority
/// and leaves the path in `target`; empty when the target is a plain path.
std::string_view takeAuthority(std::string_view& target)
{
    constexpr std::string_view kScheme = "http://";
    if (target.size() < kScheme.size() || !equalNames(target.substr(0, kScheme.size()), kScheme))
        return {};
    const std::size_t slash = target.find_first_of("/?", kScheme.size());
    const std::string_view authority = target.substr(kScheme.size(), slash - kScheme.size());
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    return authority;
}

} // namespace

struct RequestParser::Impl {
    Sink sink;
    std::optional<BeastParser> parser;
    std::size_t consumed = 0; ///< bytes of the head that Beast is done with
    std::uint64_t bodyLength = 0;

    Step fail(error_code error)
    {
        if (sink.problem.status == 0)
            sink.problem = problemFor(error);
        return Step::Failed;
    }

    Step fail(int status, std::string_view reason)
    {
        sink.problem = {status, reason};
        return Step::Failed;
    }

    Step finishHead(std::string_view bytes)
    {
        if (sink.hosts > 1 || (sink.hosts == 0 && sink.version >= 11))
            return fail(400, "an HTTP/1.1 request carries exactly one Host header");
        bodyLength = parser->content_length().value_or(0);
        std::string_view target = bytes.substr(sink.line.valueAt, sink.line.valueSize);
        if (!target.starts_with('/')) {
            Request request;
            request.setFields(bytes.data(), sink.fields);
            const std::string_view authority = takeAuthority(target);
            if (!authority.empty() && !equalNames(authority, request.header("host")))
                return fail(400, "the request names one host in its first line, another in Host");
        }
        return Step::Done;
    }
};

RequestParser::RequestParser() : m_impl(std::make_unique<Impl>())
{
    reset();
}

RequestParser::~RequestParser() = default;

void RequestParser::reset()
{
    Sink& sink = m_impl->sink;
    sink.fields.clear();
    sink.kept.clear();
    sink.problem = {};
    sink.version = 0;
    sink.hosts = 0;
    sink.isHead = false;
    sink.inTrailers = false;
    sink.expectsContinue = false;
    m_impl->parser.emplace(sink);
    m_impl->consumed = 0;
    m_impl->bodyLength = 0;
}

RequestParser::Step RequestParser::parseHead(std::string_view bytes)
{
    Impl& self = *m_impl;
    self.sink.base = bytes.data();
    self.sink.size = bytes.size();
    error_code error;
    const std::string_view fresh = bytes.substr(self.consumed);
    self.consumed += self.parser->put({fresh.data(), fresh.size()}, error);
    if (error == beast::error::need_more)
        return Step::NeedMore;
    if (error)
        return self.fail(error);
    return self.parser->is_header_done() ? self.finishHead(bytes) : Step::NeedMore;
}

RequestParser::Step RequestParser::parseChunks(std::string_view bytes, std::size_t& used,
                                               std::string& body, std::size_t limit)
{
    Impl& self = *m_impl;
    self.sink.base = bytes.data();
    self.sink.size = bytes.size();
    self.sink.body = &body;
    self.sink.bodyLimit = limit;
    used = 0;
    while (!self.parser->is_done()) {
        error_code error;
        const std::string_view fresh = bytes.substr(used);
        if (fresh.empty())
            return Step::NeedMore;
        used += self.parser->put({fresh.data(), fresh.size()}, error);
        if (error == beast::error::need_more)
            return Step::NeedMore;
        if (error)
            return self.fail(error);
    }
    return Step::Done;
}

std::size_t RequestParser::headSize() const
{
    return m_impl->consumed;
}

std::uint64_t RequestParser::bodyLength() const
{
    return m_impl->bodyLength;
}

bool RequestParser::chunked() const
{
    return m_impl->parser->chunked();
}

bool RequestParser::keepAlive() const
{
    return m_impl->parser->keep_alive();
}

bool RequestParser::isHttp10() const
{
    return m_impl->sink.version < 11;
}

bool RequestParser::expectsContinue() const
{
    return m_impl->sink.expectsContinue && !isHttp10();
}

bool RequestParser::isHead() const
{
    return m_impl->sink.isHead;
}

const RequestParser::Problem& RequestParser::problem() const
{
    return m_impl->sink.problem;
}

void RequestParser::keepHead()
{
    m_impl->sink.kept.assign(m_impl->sink.base, m_impl->consumed);
}

void RequestParser::describe(std::string_view bytes, Request& request) const
{
    const Sink& sink = m_impl->sink;
    const char* base = sink.kept.empty() ? bytes.data() : sink.kept.data();
    request.method = {base + sink.line.nameAt, sink.line.nameSize};
    request.target = {base + sink.line.valueAt, sink.line.valueSize};
    if (!request.target.starts_with('/'))
        takeAuthority(request.target);
    request.chunked = m_impl->parser->chunked();
    request.setFields(base, sink.fields);
}

} // namespace coldframe::http

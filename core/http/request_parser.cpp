#include "http/request_parser.h"

#include <limits>
#include <optional>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace coldframe::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;
using View = boost::beast::string_view;

constexpr std::size_t kMaxFields = 1000;

RequestParser::Problem problemFor(error_code error)
{
    if (error == beast::error::bad_method || error == beast::error::bad_target)
        return {400, "the first line of the request is not METHOD TARGET HTTP/1.1"};
    if (error == beast::error::bad_version)
        return {505, "only HTTP/1.0 and HTTP/1.1 are served here"};
    if (error == beast::error::bad_content_length)
        return {400,
                "Content-Length must be one whole number, without Transfer-Encoding beside it"};
    if (error == beast::error::bad_transfer_encoding)
        return {400, "Transfer-Encoding must be given once, without Content-Length beside it"};
    if (error == beast::error::bad_chunk || error == beast::error::bad_chunk_extension)
        return {400, "the chunked body is malformed"};
    if (error == beast::error::bad_obs_fold)
        return {400, "header lines must not be folded"};
    if (error == beast::error::header_limit)
        return {431, "the request has too many header lines"};
    return {400, "a header line is malformed"};
}

/// What Beast tells about one request. It outlives the parser, which serves one request only.
struct Sink {
    const char* base = nullptr; ///< start of the bytes being parsed
    std::size_t size = 0;
    std::vector<FieldPlace> fields;
    FieldPlace line; ///< name: the method, value: the target
    std::string kept; ///< the head, and after it the trailers; empty while the caller holds it
    std::string* body = nullptr;
    std::size_t bodyLimit = 0;
    RequestParser::Problem problem;
    int version = 0;
    int hosts = 0;
    bool isHead = false;
    bool inTrailers = false;
    bool expectsContinue = false;

    void fail(int status, std::string_view reason, error_code& ec)
    {
        problem = {status, reason};
        ec = beast::error::bad_value;
    }

    std::uint32_t placeOf(View text) const
    {
        return static_cast<std::uint32_t>(text.data() - base);
    }

    bool holds(View text) const
    {
        return text.empty() || (text.data() >= base && text.data() + text.size() <= base + size);
    }

    std::uint32_t keep(View text)
    {
        const std::size_t at = kept.size();
        kept.append(text.data(), text.size());
        return static_cast<std::uint32_t>(at);
    }
};

std::string_view plain(View text)
{
    return {text.data(), text.size()};
}

class BeastParser final : public beast::basic_parser<true> {
public:
    explicit BeastParser(Sink& sink) : m_sink(sink)
    {
        // The connection bounds head and body itself: Beast's bounds count differently.
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(std::numeric_limits<std::uint64_t>::max());
    }

private:
    void on_request_impl(beast::verb, View method, View target, int version, error_code&) override
    {
        m_sink.version = version;
        m_sink.isHead = method == "HEAD";
        m_sink.line = {m_sink.placeOf(method), static_cast<std::uint32_t>(method.size()),
                       m_sink.placeOf(target), static_cast<std::uint32_t>(target.size())};
    }

    void on_field_impl(beast::field id, View name, View value, error_code& ec) override
    {
        if (m_sink.fields.size() >= kMaxFields) {
            ec = beast::error::header_limit;
            return;
        }
        const auto nameSize = static_cast<std::uint32_t>(name.size());
        const auto valueSize = static_cast<std::uint32_t>(value.size());
        if (m_sink.inTrailers) {
            const std::uint32_t nameAt = m_sink.keep(name);
            m_sink.fields.push_back({nameAt, nameSize, m_sink.keep(value), valueSize});
            return;
        }
        if (!m_sink.holds(value)) { // Beast joins folded lines in a buffer of its own
            ec = beast::error::bad_obs_fold;
            return;
        }
        const std::uint32_t valueAt = value.empty() ? 0 : m_sink.placeOf(value);
        m_sink.fields.push_back({m_sink.placeOf(name), nameSize, valueAt, valueSize});
        check(id, plain(value), ec);
    }

    void check(beast::field id, std::string_view value, error_code& ec)
    {
        if (id == beast::field::host) {
            ++m_sink.hosts;
        } else if (id == beast::field::transfer_encoding) {
            // Beast takes a request with an unknown coding for one without a body, and the body
            // for the next request.
            if (!equalNames(value, "chunked"))
                m_sink.fail(501, "only the transfer coding \"chunked\" is understood", ec);
            else if (m_sink.version < 11)
                m_sink.fail(400, "HTTP/1.0 knows no Transfer-Encoding", ec);
        } else if (id == beast::field::expect) {
            if (equalNames(value, "100-continue"))
                m_sink.expectsContinue = true;
            else
                m_sink.fail(417, "only \"Expect: 100-continue\" is understood", ec);
        }
    }

    std::size_t on_chunk_body_impl(std::uint64_t, View data, error_code& ec) override
    {
        if (data.size() > m_sink.bodyLimit - m_sink.body->size()) {
            tooLarge(ec);
            return 0;
        }
        m_sink.body->append(data.data(), data.size());
        return data.size();
    }

    void on_chunk_header_impl(std::uint64_t size, View, error_code& ec) override
    {
        if (size > m_sink.bodyLimit - m_sink.body->size())
            tooLarge(ec);
        m_sink.inTrailers = size == 0;
    }

    void tooLarge(error_code& ec) { m_sink.fail(413, "the request body is too large", ec); }

    void on_response_impl(int, View, int, error_code&) override { }
    void on_header_impl(error_code&) override { }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override { }
    std::size_t on_body_impl(View data, error_code&) override { return data.size(); }
    void on_finish_impl(error_code&) override { }

    Sink& m_sink;
};

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

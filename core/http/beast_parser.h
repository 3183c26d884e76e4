#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it
#include <vector>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "http/request_parser.h"

// Only for request_parser.cpp: whoever includes this compiles Beast.
namespace coldframe::http {

namespace beast = boost::beast::http;
using boost::beast::error_code;
using View = boost::beast::string_view;

inline constexpr std::size_t kMaxFields = 1000;

inline RequestParser::Problem problemFor(error_code error)
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

    /// Whether a header's value is on more lines than one. Beast joins such lines in a buffer of
    /// its own, but for those where all but one are blank.
    bool isFolded(View name, View value) const
    {
        if (!holds(value))
            return true;
        const char* at = name.data() + name.size();
        const char* const end = value.empty() ? base + size : value.data();
        const char* const lineEnd = std::find(at, end, '\n');
        if (!value.empty())
            return lineEnd != end;
        return lineEnd + 1 < end && (lineEnd[1] == ' ' || lineEnd[1] == '\t');
    }

    std::uint32_t keep(View text)
    {
        const std::size_t at = kept.size();
        kept.append(text.data(), text.size());
        return static_cast<std::uint32_t>(at);
    }
};

inline std::string_view plain(View text)
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
        if (m_sink.isFolded(name, value)) {
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

} // namespace coldframe::http

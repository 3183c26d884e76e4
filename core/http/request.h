#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe::http {

/// Where one header line lies in the bytes of the request's head.
struct FieldPlace {
    std::uint32_t nameAt = 0;
    std::uint32_t nameSize = 0;
    std::uint32_t valueAt = 0;
    std::uint32_t valueSize = 0;
};

/// One whole request. Its texts lie in the connection's buffer: they are valid until the handler
/// returns, and a handler that answers later copies what it still needs.
class Request {
public:
    std::string_view method; ///< as sent: "GET"
    std::string_view target; ///< path and query: "/2018-06-01/ping?x=1"; never with a host
    std::string body; ///< whole and decoded; move it out to keep it
    bool chunked = false; ///< the body came in chunks, so there may be trailers
    /// The body is still to come, in pieces: see Responder::readBody().
    bool streamed = false;
    /// When the first byte of the request was read; for a streamed body long before the last one.
    std::chrono::steady_clock::time_point firstByteAt;

    /// The value of the first header line of this name, in any letter case, or, after a chunked
    /// body, of the trailer line. Empty when there is none.
    std::string_view header(std::string_view name) const;

    /// Calls `visit(name, value)` for each header line, in order.
    template <typename Visit> void forEachHeader(Visit&& visit) const
    {
        if (!m_fields)
            return;
        for (const FieldPlace& field : *m_fields)
            visit(std::string_view(m_base + field.nameAt, field.nameSize),
                  std::string_view(m_base + field.valueAt, field.valueSize));
    }

    /// For the connection, which owns what is pointed to.
    void setFields(const char* base, const std::vector<FieldPlace>& fields)
    {
        m_base = base;
        m_fields = &fields;
    }

private:
    const char* m_base = nullptr;
    const std::vector<FieldPlace>* m_fields = nullptr;
};

/// Equal but for the case of ASCII letters.
bool equalNames(std::string_view a, std::string_view b);

} // namespace coldframe::http

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace coldframe::live {

/// What a function printed during one attempt: the first megabyte, and how much more there was.
class LogBuffer {
public:
    static constexpr std::size_t kLimit = 1U << 20U;

    void append(std::string_view text)
    {
        const std::size_t room = kLimit - m_text.size();
        if (text.size() > room) {
            m_dropped += text.size() - room;
            text = text.substr(0, room);
        }
        m_text.append(text);
    }
    std::uint64_t dropped() const { return m_dropped; }
    const std::string& text() const { return m_text; }
    /// Hands the text over and begins anew.
    std::string take()
    {
        m_dropped = 0;
        return std::exchange(m_text, {});
    }

private:
    std::string m_text;
    std::uint64_t m_dropped = 0;
};

} // namespace coldframe::live

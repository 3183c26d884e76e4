#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace coldframe::http {

/// Bytes read from a socket and not yet used up. Keeps its storage; never clears it with zeros.
class InputBuffer {
public:
    std::string_view bytes() const { return {m_data.get() + m_begin, m_end - m_begin}; }
    std::size_t size() const { return m_end - m_begin; }
    bool empty() const { return m_begin == m_end; }

    /// At least `least` bytes to read into. Moves what is there, so views into it end. Until the
    /// commit() nothing else here moves bytes, so a read may be under way meanwhile.
    std::span<char> space(std::size_t least)
    {
        if (empty())
            m_begin = m_end = 0;
        if (m_capacity - m_end < least)
            makeRoom(least);
        return {m_data.get() + m_end, m_capacity - m_end};
    }

    /// `count` bytes of space() have been filled.
    void commit(std::size_t count)
    {
        assert(count <= m_capacity - m_end);
        m_end += count;
    }

    void consume(std::size_t count)
    {
        assert(count <= size());
        m_begin += count;
    }

    /// Gives storage above `keep` bytes back once nothing is in it. Not while a read is under way.
    void shrink(std::size_t keep)
    {
        if (empty() && m_capacity > keep) {
            m_data.reset();
            m_capacity = m_begin = m_end = 0;
        }
    }

private:
    void makeRoom(std::size_t least)
    {
        const std::size_t kept = size();
        if (m_capacity - kept < least) {
            const std::size_t capacity = std::max({m_capacity * 2, kept + least, kFirst});
            auto grown = std::make_unique_for_overwrite<char[]>(capacity);
            if (kept > 0)
                std::memcpy(grown.get(), m_data.get() + m_begin, kept);
            m_data = std::move(grown);
            m_capacity = capacity;
        } else {
            std::memmove(m_data.get(), m_data.get() + m_begin, kept);
        }
        m_begin = 0;
        m_end = kept;
    }

    static constexpr std::size_t kFirst = 4096; ///< holds an ordinary request whole
    std::unique_ptr<char[]> m_data;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
};

} // namespace coldframe::http

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

// State as bytes, read again on the kind of machine that wrote it: items are copied as they lie in
// memory.
namespace coldframe::engine {

/// Takes items and lists of items; an item with an archive() of its own takes itself apart.
class ArchiveWriter {
public:
    template <typename T> void operator()(T& item)
    {
        if constexpr (requires { item.archive(*this); })
            item.archive(*this);
        else
            copy(&item, sizeof item);
    }
    template <typename T> void operator()(std::vector<T>& items)
    {
        std::uint64_t size = items.size();
        copy(&size, sizeof size);
        if constexpr (requires { items.front().archive(*this); }) {
            for (T& item : items)
                item.archive(*this);
        } else {
            static_assert(std::is_trivially_copyable_v<T>);
            copy(items.data(), items.size() * sizeof(T));
        }
    }
    std::vector<std::byte> bytes;

private:
    void copy(const void* from, std::size_t size)
    {
        const std::size_t at = bytes.size();
        bytes.resize(at + size);
        if (size > 0)
            std::memcpy(bytes.data() + at, from, size);
    }
};

/// Gives back what a writer took, in the same order. Bytes that are too few or too many are told by
/// good(); what was read is then of no use.
class ArchiveReader {
public:
    explicit ArchiveReader(std::span<const std::byte> bytes) : m_rest(bytes) { }

    template <typename T> void operator()(T& item)
    {
        if constexpr (requires { item.archive(*this); })
            item.archive(*this);
        else
            copy(&item, sizeof item);
    }
    template <typename T> void operator()(std::vector<T>& items)
    {
        std::uint64_t size = 0;
        copy(&size, sizeof size);
        if (size > m_rest.size()) { // every item takes a byte at the least
            m_failed = true;
            return;
        }
        if constexpr (requires { items.front().archive(*this); }) {
            items.resize(size);
            for (T& item : items)
                item.archive(*this);
        } else {
            if (size * sizeof(T) > m_rest.size()) {
                m_failed = true;
                return;
            }
            items.resize(size);
            copy(items.data(), size * sizeof(T));
        }
    }
    bool good() const { return !m_failed && m_rest.empty(); }

private:
    void copy(void* to, std::size_t size)
    {
        if (size > m_rest.size()) {
            m_failed = true;
            m_rest = {};
            return;
        }
        if (size > 0)
            std::memcpy(to, m_rest.data(), size);
        m_rest = m_rest.subspan(size);
    }
    std::span<const std::byte> m_rest;
    bool m_failed = false;
};

} // namespace coldframe::engine

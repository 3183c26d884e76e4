#include <cstring>
#include <type_traits>

#include "engine/state.h"

// The engine's state as bytes, for recordings. Read only by the version that wrote it, on the kind
// of machine that wrote it: items are copied as they lie in memory.
namespace coldframe::engine {

namespace {

constexpr std::uint32_t kMagic = 0x36454643; // "CFE6", and the version in its last digit

class Writer {
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

class CheckpointReader {
public:
    explicit CheckpointReader(std::span<const std::byte> bytes) : m_rest(bytes) { }

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

} // namespace

template <typename Archive> void Engine::State::archive(Archive& with)
{
    with(revision), with(now), with(order), with(accountInUse), with(accountCapacity);
    with(instances), with(invocations), with(pools);
    with(instanceDeadlines), with(invocationDeadlines), with(poolDeadlines), with(accountWaiters);
    with(timed), with(scalers);
}

std::vector<std::byte> Engine::save() const
{
    Writer writer;
    std::uint32_t magic = kMagic;
    writer(magic);
    m_state->archive(writer);
    return std::move(writer.bytes);
}

bool Engine::load(std::span<const std::byte> bytes)
{
    auto fresh = std::make_unique<State>();
    CheckpointReader reader(bytes);
    std::uint32_t magic = 0;
    reader(magic);
    if (magic != kMagic)
        return false;
    fresh->archive(reader);
    if (!reader.good() || fresh->revision >= m_state->configurations.size())
        return false;
    fresh->configurations = std::move(m_state->configurations);
    fresh->putInForce();
    m_state = std::move(fresh);
    return true;
}

} // namespace coldframe::engine

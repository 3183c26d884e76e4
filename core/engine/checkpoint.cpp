#include "engine/archive.h"
#include "engine/state.h"

// The engine's state as bytes, for recordings. Read only by the version that wrote it.
namespace coldframe::engine {

namespace {

constexpr std::uint32_t kMagic = 0x39454643; // "CFE9", and the version in its last digit

} // namespace

template <typename Archive> void Engine::State::archive(Archive& with)
{
    with(revision), with(now), with(order), with(accountInUse), with(accountCapacity);
    with(instances), with(invocations), with(pools);
    with(instanceDeadlines), with(invocationDeadlines), with(poolDeadlines), with(accountWaiters);
    with(timed), with(scalers);
    with(messages), with(queues), with(mappings), with(batches), with(batchItems);
}

std::vector<std::byte> Engine::save() const
{
    ArchiveWriter writer;
    std::uint32_t magic = kMagic;
    writer(magic);
    m_state->archive(writer);
    return std::move(writer.bytes);
}

bool Engine::load(std::span<const std::byte> bytes)
{
    auto fresh = std::make_unique<State>();
    ArchiveReader reader(bytes);
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

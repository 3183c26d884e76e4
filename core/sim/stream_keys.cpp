#include "sim/stream_keys.h"

#include <algorithm>

#include "cost/wide.h"
#include "sim/elementary.h"

namespace coldframe::sim {

StreamKeys::StreamKeys(const StreamModel& model, std::uint64_t seed)
    : m_keys(model.keys), m_shards(model.shards),
      m_choice(seed, Draw::PartitionKey, model.entity()),
      m_hashes(seed, Draw::KeyHash, model.entity())
{
    if (model.keys == 0 || model.zipfExponent == 0)
        return;
    m_upTo.reserve(m_keys);
    double sum = 0;
    for (std::uint32_t key = 1; key <= m_keys; ++key)
        m_upTo.push_back(sum += expOf(-model.zipfExponent * logOf(key)));
}

std::uint64_t StreamKeys::keyOf(std::uint64_t record) const
{
    const std::uint64_t bits = m_choice.bits(record);
    if (m_upTo.empty())
        return bits % m_keys;
    const double wanted = unitOf(bits) * m_upTo.back();
    const auto found = std::ranges::lower_bound(m_upTo, wanted);
    return static_cast<std::uint64_t>(found - m_upTo.begin());
}

std::uint64_t StreamKeys::hashOf(std::uint64_t record) const
{
    return m_hashes.bits(m_keys == 0 ? record : keyOf(record));
}

std::uint32_t StreamKeys::shardOf(std::uint64_t hash) const
{
    return static_cast<std::uint32_t>((static_cast<cost::Wide>(hash) * m_shards) >> 64);
}

} // namespace coldframe::sim

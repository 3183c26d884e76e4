#include "history/attempt_log.h"

#include <cassert>
#include <new>

namespace coldframe::history {

AttemptLog::Chunk::Chunk()
    : memory(std::make_unique_for_overwrite<std::byte[]>(kChunkRows * sizeof(AttemptRow)))
{ }

AttemptRow* AttemptLog::Chunk::rows()
{
    return static_cast<AttemptRow*>(static_cast<void*>(memory.get()));
}

const AttemptRow* AttemptLog::Chunk::rows() const
{
    return static_cast<const AttemptRow*>(static_cast<const void*>(memory.get()));
}

void AttemptLog::append(const AttemptRow& row)
{
    if (!m_tail || m_tail->count.load(std::memory_order_relaxed) == kChunkRows) {
        m_tail = std::make_shared<Chunk>();
        const std::scoped_lock lock(m_mutex);
        if (m_chunks.size() * kChunkRows >= m_maxRows && !m_chunks.empty()) {
            m_chunks.erase(m_chunks.begin());
            m_firstRow += kChunkRows;
        }
        m_chunks.push_back(m_tail);
    }
    const std::uint64_t count = m_tail->count.load(std::memory_order_relaxed);
    new (m_tail->rows() + count) AttemptRow(row);
    m_tail->count.store(count + 1, std::memory_order_release);
}

AttemptLog::View AttemptLog::view() const
{
    View view;
    {
        const std::scoped_lock lock(m_mutex);
        view.m_chunks = m_chunks;
        view.m_firstRow = m_firstRow;
    }
    view.m_endRow = view.m_firstRow;
    if (!view.m_chunks.empty()) // all but the last are full
        view.m_endRow += (view.m_chunks.size() - 1) * kChunkRows
            + view.m_chunks.back()->count.load(std::memory_order_acquire);
    return view;
}

const AttemptRow& AttemptLog::View::operator[](std::uint64_t row) const
{
    assert(row >= m_firstRow && row < m_endRow);
    const std::uint64_t index = row - m_firstRow;
    return m_chunks[index / kChunkRows]->rows()[index % kChunkRows];
}

} // namespace coldframe::history

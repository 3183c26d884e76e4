#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "history/attempt_row.h"

namespace coldframe::history {

/// The attempts of a run, in memory, for tables and charts. One thread appends; any thread takes
/// views. Rows never move or change once appended, so a view shares them and copies nothing.
class AttemptLog {
    struct Chunk;

public:
    static constexpr std::uint64_t kChunkRows = 65'536;

    /// Beyond `maxRows` the oldest chunk is let go; the recording on disk still has it. The default
    /// of 2 million rows takes at most 320 MB.
    explicit AttemptLog(std::uint64_t maxRows = 32 * kChunkRows) : m_maxRows(maxRows) { }

    void append(const AttemptRow& row);

    /// The log as it was at one moment. Cheap to copy.
    class View {
    public:
        /// Rows are numbered from the start of the run, those let go included.
        std::uint64_t firstRow() const { return m_firstRow; }
        std::uint64_t endRow() const { return m_endRow; }
        std::uint64_t size() const { return m_endRow - m_firstRow; }
        const AttemptRow& operator[](std::uint64_t row) const; ///< firstRow() <= row < endRow()

    private:
        friend class AttemptLog;
        std::vector<std::shared_ptr<const Chunk>> m_chunks;
        std::uint64_t m_firstRow = 0, m_endRow = 0;
    };
    View view() const;

private:
    struct Chunk {
        Chunk();
        AttemptRow* rows();
        const AttemptRow* rows() const;
        std::unique_ptr<std::byte[]> memory; ///< untouched pages cost nothing
        std::atomic<std::uint64_t> count = 0; ///< rows that may be read
    };

    const std::uint64_t m_maxRows;
    std::shared_ptr<Chunk> m_tail; ///< only the appending thread
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<const Chunk>> m_chunks; ///< guarded; changes once a chunk
    std::uint64_t m_firstRow = 0; ///< guarded
};

} // namespace coldframe::history

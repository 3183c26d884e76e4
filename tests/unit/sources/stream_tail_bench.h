#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "sources/stream_tail.h"
#include "temporary_folder.h"

namespace coldframe::test {

/// A folder with a growing file, and what a StreamTail gives of it.
class TailBench : public testing::Test {
protected:
    void append(const std::string& text, const char* name = "clicks.jsonl")
    {
        std::ofstream(m_folder.path() / name, std::ios::app | std::ios::binary) << text;
    }
    void rename(const char* from, const char* to)
    {
        std::filesystem::rename(m_folder.path() / from, m_folder.path() / to);
    }
    sources::StreamTail tail(const std::optional<sources::StreamPosition>& position = {},
                             bool fromStart = true)
    {
        return sources::StreamTail(
            {.path = m_file, .csv = m_csv, .fromStart = fromStart, .maxRecordBytes = m_maxBytes},
            position);
    }
    /// All that can be read now, a few at a time; what was told goes to m_told.
    std::vector<std::string> all(sources::StreamTail& tail, std::size_t count = 2)
    {
        std::vector<std::string> lines;
        while (true) {
            sources::StreamTail::Reading reading = tail.read(count, 1 << 20, m_now);
            for (sources::StreamRecord& record : reading.records) {
                EXPECT_EQ(record.sequence, ++m_sequence);
                m_records.push_back(record);
                lines.push_back(std::move(record.bytes));
            }
            std::ranges::move(reading.told, std::back_inserter(m_told));
            if (!reading.more)
                return lines;
        }
    }

    TemporaryFolder m_folder;
    const std::filesystem::path m_file = m_folder.path() / "clicks.jsonl";
    bool m_csv = false;
    std::size_t m_maxBytes = 6 << 20;
    sources::StreamTail::Clock::time_point m_now{};
    std::uint64_t m_sequence = 0;
    std::vector<sources::StreamRecord> m_records;
    std::vector<std::string> m_told;
};

} // namespace coldframe::test

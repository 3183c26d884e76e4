#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "traces/placement.h"

namespace coldframe::traces {

/// Counts the ends of what is running, of all functions together, in order of time. Nobody asks
/// which invocation it was that ended, so an end is a mark: in the present slice of 0.07 s one at
/// its microsecond, further off one in the list of its slice or its minute.
class CompletionWheel {
public:
    static constexpr int kSliceBits = 16;
    static constexpr std::uint32_t kSliceUs = 1U << kSliceBits;
    static constexpr std::size_t kSlices = kMinuteUs / kSliceUs + 1; ///< of a minute

    explicit CompletionWheel(std::size_t minutes) : m_ofMinute(minutes + 1) { }

    /// Minutes come one after the other, and within each all slices.
    void beginMinute(std::size_t minute)
    {
        m_minute = minute;
        std::vector<std::uint32_t> ends;
        ends.swap(m_ofMinute[minute]);
        for (const std::uint32_t offset : ends)
            m_ofSlice[offset >> kSliceBits].push_back(offset);
    }
    /// How many end in this slice, by what is known so far; forgets them.
    std::size_t takeSlice(std::size_t slice)
    {
        const std::size_t ends = m_ofSlice[slice].size();
        m_ofSlice[slice].clear();
        return ends;
    }
    /// From here on the slice is passed moment by moment.
    void enterSlice(std::size_t slice)
    {
        m_word = 0;
        for (const std::uint32_t offset : m_ofSlice[slice])
            mark(offset);
        m_ofSlice[slice].clear();
    }
    /// How many end up to this moment of the slice that was entered; forgets them.
    std::size_t takeUntil(std::uint32_t offsetUs)
    {
        const std::uint32_t place = offsetUs % kSliceUs;
        std::size_t ends = 0;
        for (; m_word < place / 64; ++m_word)
            ends += takeWord(m_word, ~std::uint64_t{0});
        return ends + takeWord(m_word, ~std::uint64_t{0} >> (63 - place % 64));
    }
    /// In the slice that was entered, not before what was taken.
    void mark(std::uint32_t offsetUs)
    {
        const std::uint32_t place = offsetUs % kSliceUs;
        m_marks[place / 64] |= std::uint64_t{1} << (place % 64);
        ++m_counts[place];
    }
    /// In a later slice of this minute, or in a later minute.
    void putLater(std::uint64_t offsetUs)
    {
        if (offsetUs < static_cast<std::uint64_t>(kMinuteUs)) {
            const auto offset = static_cast<std::uint32_t>(offsetUs);
            m_ofSlice[offset >> kSliceBits].push_back(offset);
            return;
        }
        const std::uint64_t minutes = offsetUs / kMinuteUs, minute = m_minute + minutes;
        if (minute < m_ofMinute.size())
            m_ofMinute[minute].push_back(
                static_cast<std::uint32_t>(offsetUs - minutes * kMinuteUs));
    }

private:
    std::size_t takeWord(std::size_t word, std::uint64_t mask)
    {
        std::size_t ends = 0;
        std::uint64_t marks = m_marks[word] & mask;
        m_marks[word] &= ~mask;
        for (; marks != 0; marks &= marks - 1) {
            const std::size_t place = word * 64 + static_cast<std::size_t>(std::countr_zero(marks));
            ends += m_counts[place];
            m_counts[place] = 0;
        }
        return ends;
    }

    std::size_t m_minute = 0, m_word = 0;
    std::vector<std::uint64_t> m_marks = std::vector<std::uint64_t>(kSliceUs / 64);
    std::vector<std::uint32_t> m_counts = std::vector<std::uint32_t>(kSliceUs);
    std::array<std::vector<std::uint32_t>, kSlices> m_ofSlice;
    std::vector<std::vector<std::uint32_t>> m_ofMinute;
};

} // namespace coldframe::traces

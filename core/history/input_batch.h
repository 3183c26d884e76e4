#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/input.h"
#include "model/time.h"

namespace coldframe::history {

struct RecordedInput {
    TimePoint at{};
    engine::Input input;
};

inline constexpr std::size_t kRowsPerBatch = 65'536;

/// Lays rows out in columns: kinds, times as differences, then the fields of each kind packed
/// without padding. The same rows always give the same bytes. Appends to `out`.
void encodeInputs(std::span<const RecordedInput> rows, std::vector<std::byte>& out);

/// Reads such columns row by row, without copying them.
class InputDecoder {
public:
    /// Nothing when the bytes cannot be `rows` rows.
    static std::optional<InputDecoder> open(std::span<const std::byte> bytes, std::size_t rows);

    std::size_t left() const { return m_rows - m_row; }
    RecordedInput next(); ///< only while left() > 0

private:
    static constexpr std::size_t kKinds = std::variant_size_v<engine::Input>;

    const std::byte* m_kinds = nullptr;
    const std::byte* m_deltas = nullptr;
    const std::byte* m_longDeltas = nullptr;
    std::array<const std::byte*, kKinds> m_payload{};
    TimePoint m_time{};
    std::size_t m_row = 0, m_rows = 0;
};

} // namespace coldframe::history

#pragma once

#include <cstdint>
#include <optional>
#include <string>

// The words that stand for values in the filter language, all in lower case.
namespace coldframe::ui {

/// Bits of AttemptStatus; "error" and "failed" stand for every failure.
std::optional<std::uint32_t> statusBits(const std::string& word);
/// Bits of history::StartKind, and "notcold" for every one but cold.
std::optional<std::uint32_t> startBits(const std::string& word);
std::optional<bool> readYesOrNo(const std::string& word);

} // namespace coldframe::ui

#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "history/mapped_file.h"
#include "traces/azure_trace.h"
#include "traces/replay.h"

namespace coldframe::study {

/// A file in memory, and its text.
struct MappedText {
    history::MappedFile file;
    traces::CsvText csv;
};
/// Errors: Missing, or what the system refuses.
Result<MappedText> openText(const std::filesystem::path& path);

/// The three files of a day; the trace's texts lie in them.
struct AzureDay {
    MappedText invocations, durations, memory;
    std::unique_ptr<traces::AzureTrace> trace;
};

/// Reads a day's files, on so many threads. Errors: what their readers say; what they lack for
/// these rules.
Result<AzureDay> readAzureDay(const std::filesystem::path& folder, std::optional<int> number,
                              const traces::ReplayRules& rules, unsigned threads);

} // namespace coldframe::study

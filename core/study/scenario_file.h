#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cost/price_book.h"
#include "scenario/scenario.h"
#include "study/sweep.h"

namespace coldframe::study {

/// Where a figure of a simulation comes from, in words for people.
struct OriginNote {
    std::string what; ///< "cold start of orders"
    std::string origin; ///< "measured", "modelled", "assumed" or "not priced"
    std::string detail; ///< "lognormal through p50 and p99 of 594 cold starts, 2026-08-22, …"
};

/// A scenario with everything it names, ready to be simulated.
struct Prepared {
    scenario::Scenario scenario;
    sim::Model model;
    std::optional<cost::PriceBook> prices; ///< none: nothing is priced, which is not $0
    std::vector<OriginNote> origins;
};

class TraceShelf;

/// The text of a scenario file, read once; settings are applied to the text, so that a value from
/// the command line is checked like one in the file.
class ScenarioFile {
public:
    /// Errors: the file cannot be read.
    static Result<ScenarioFile> open(const std::filesystem::path& file,
                                     const std::filesystem::path& resources);
    /// Of a text that is not saved (an editor's). Relative paths in it count from `folder`.
    ScenarioFile(std::string text, std::string fileName, std::filesystem::path folder,
                 std::filesystem::path resources);

    /// Errors, all at once: of the settings, the scenario, and what it refers to.
    tl::expected<Prepared, std::vector<Error>> prepare(const std::vector<Setting>& settings) const;

    const std::string& text() const { return m_text; }

private:
    std::string m_text, m_fileName;
    std::filesystem::path m_folder, m_resources;
    std::shared_ptr<TraceShelf> m_traces; ///< so that a sweep reads a trace once
};

} // namespace coldframe::study

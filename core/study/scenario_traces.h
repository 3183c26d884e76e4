#pragma once

#include <filesystem>
#include <vector>

#include "study/scenario_file.h"

namespace coldframe::study {

class TraceShelf;

/// Fills in what a scenario takes from published traces: arrivals and service laws. Notes where
/// each comes from. Relative paths count from `folder`; `shelf` keeps what was read.
///
/// Errors, with their place in the scenario: no such file or function, a file that is not as
/// published (with the line in it), nothing left after `fromS`.
std::vector<Error> fillFromTraces(Prepared& prepared, const std::filesystem::path& folder,
                                  const JsonText& text, TraceShelf& shelf);

} // namespace coldframe::study

#pragma once

#include <filesystem>
#include <vector>

#include "study/scenario_file.h"

namespace coldframe::study {

/// Fills in what a scenario takes from recordings: service laws and cold starts that are fitted,
/// and arrivals. Notes where each comes from and how well it fits. Relative paths count from
/// `folder`.
///
/// Errors, with their place in the scenario: no such recording, no such function in it, nothing of
/// the kind recorded.
std::vector<Error> fillFromRecordings(Prepared& prepared, const std::filesystem::path& folder,
                                      const JsonText& text);

} // namespace coldframe::study

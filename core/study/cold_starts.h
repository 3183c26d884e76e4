#pragma once

#include <filesystem>
#include <vector>

#include "study/scenario_file.h"

namespace coldframe::study {

/// Gives every cold start that names a runtime its published law, and notes where it comes from.
/// Errors: a runtime, package or architecture of which nothing is published; the file is missing.
std::vector<Error> fillColdStarts(Prepared& prepared, const std::filesystem::path& resources,
                                  const JsonText& text);

} // namespace coldframe::study

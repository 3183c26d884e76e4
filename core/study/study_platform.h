#pragma once

#include <filesystem>
#include <string>

#include "model/error.h"
#include "study/replay_study.h"

namespace coldframe::study {

/// Rules and prices of the platform of this id, for a recording to be played under. Errors: there
/// is none (with the nearest one), or its files cannot be read.
Result<StudyPlatform> readStudyPlatform(const std::filesystem::path& resources,
                                        const std::string& id);

} // namespace coldframe::study

#pragma once

#include <string>

#include "model/error.h"

namespace coldframe::process {

/// Makes the app inherit what a killed reaper leaves behind. Once, early in main(); without it such
/// orphans go to init and are out of reach.
void becomeSubreaper();

/// Raises the soft limit on open files to the hard one: an instance takes three descriptors and its
/// meter four, and 1,024 is the usual default. Programs still start with 1,024. Once, in main().
void raiseFileLimit();

/// Names the reaper program; an empty path brings the default back.
void setReaperPath(std::string path);

/// The reaper program: as set, else the environment's COLDFRAME_INSTANCE, else beside the app, in
/// its folder "instance", or in ../libexec/coldframe. Missing when it is nowhere.
Result<std::string> reaperPath();

} // namespace coldframe::process

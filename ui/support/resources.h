#pragma once

#include <QString>

namespace coldframe::ui {

/// The folder of platform files, event templates and runtimes: `COLDFRAME_RESOURCES`, else beside
/// the program as installed, else the source tree it was built from. Empty when none is there.
QString resourceFolder();
/// The folder of shipped examples, found likewise.
QString examplesFolder();

} // namespace coldframe::ui

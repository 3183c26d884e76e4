#pragma once

#include <string>

#include "model/json_text.h"

namespace coldframe::ui {

/// The same JSON, indented by two spaces a level. Numbers and strings stay as they were typed, so
/// formatting never changes what a handler gets. Short lists and objects of plain values stay on
/// one line.
std::string formatJson(const JsonText& json);

} // namespace coldframe::ui

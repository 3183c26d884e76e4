#pragma once

#include <QString>

#include "session/session.h"

namespace coldframe::ui {

/// A result as it is read best: JSON indented, anything else and what is very large as it came.
QString prettyOutput(const std::string& payload);

/// "ValueError: no such city" and a line break; empty for what did not fail.
QString failureText(const session::Answer& answer);

} // namespace coldframe::ui

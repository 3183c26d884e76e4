#pragma once

#include <string>

#include "live/event.h"

namespace coldframe::session {

/// What an attempt failed of: its error type and the beginning of the message in its error
/// document, "ValueError: no weight". Empty when it did not fail.
std::string failureText(const std::string& errorType, const live::Text& document);

} // namespace coldframe::session

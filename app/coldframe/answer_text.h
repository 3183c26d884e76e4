#pragma once

#include <string>
#include <string_view>

#include "session/session.h"

namespace coldframe::commands {

/// JSON without the white space between its tokens, so that it fits on one line; the text as a
/// JSON string when it is no JSON.
std::string compactJson(std::string_view text);

/// "succeeded", "failed" or "throttled".
const char* statusOf(const session::Answer& answer);

/// One invocation as one line of JSON. Durations are milliseconds, memory in MB.
std::string answerJson(const std::string& function, const session::Answer& answer);

/// What happened, for people: the log, the reason, times and cost. Ends with a line end.
std::string answerText(const session::Answer& answer);

} // namespace coldframe::commands

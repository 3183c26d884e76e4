#pragma once

#include <string>

#include "check/judge.h"

namespace coldframe::check {

/// The text of an expectation that says what happened: status and result, or the error. Times,
/// cost, log and outputs are left out: what of them matters only a person knows.
std::string expectationText(const std::string& function, const Observed& observed);

} // namespace coldframe::check

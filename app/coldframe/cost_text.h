#pragma once

#include <string>

#include "cost/example.h"

namespace coldframe::commands {

/// The document that was read, each example with `computed`: lines, total and both roundings, in US
/// dollars as texts, and whether it matches what is published.
std::string examplesJson(const std::string& document, const cost::PricedExamples& priced);
/// A table.
std::string examplesText(const cost::PricedExamples& priced);

} // namespace coldframe::commands

#pragma once

#include <string>
#include <vector>

#include "model/variable_references.h"
#include "model/workspace.h"

namespace coldframe {

/// What the references `${env:NAME}` of the function and its destinations stand for. Names that are not set are left out.
std::vector<std::string> secretValues(const Function& function, const VariableLookup& lookup);

/// `text` with every secret in it, as it is or escaped as in JSON, replaced by "***". Values of
/// fewer than four characters stay: they would mask what is none.
std::string maskSecrets(std::string text, const std::vector<std::string>& secrets);

} // namespace coldframe

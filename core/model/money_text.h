#pragma once

#include <string>

#include "model/money.h"

namespace coldframe {

/// US dollars as an exact decimal of up to 12 digits after the point: "0.0000002083", "0".
/// It is also a JSON number.
std::string usdText(Money amount);

} // namespace coldframe

#pragma once

#include <string>
#include <string_view>

#include "model/store_work.h"

namespace coldframe::history {

/// The outputs of an attempt as they are recorded: {"outputs": [["store", "key", bytes], …],
/// "more": number}. Empty when there are none.
std::string outputsToJson(const StoreWork& work);
/// Sets the outputs of `work`; leaves them empty when the text is none of these.
void outputsFromJson(std::string_view text, StoreWork& work);

} // namespace coldframe::history

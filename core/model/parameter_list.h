#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coldframe {

/// The names in a list of parameters, of Python or JavaScript: `text` begins after the opening
/// bracket. Without annotations and default values; what is taken apart (`{ body }`) has an empty
/// name. Empty when the list does not close within 1,000 bytes.
std::vector<std::string> parameters(std::string_view text);

/// Whether a parameter of this name is the event: event, _event, evt.
bool isEventName(std::string_view name);
/// Whether a parameter of this name is the context: context, ctx, or either with `_` before it.
bool isContextName(std::string_view name);

} // namespace coldframe

#pragma once

#include <string>
#include <vector>

#include "model/handler_reading.h"

namespace coldframe::session {

/// A sample event with the values that its handler looks up: in the body, the path, the query, the
/// detail, the new image or, of a plain event, the event itself. A part that gets values holds
/// nothing else; fields of parts that such an event does not have are left out.
///
/// @param event  JSON of a sample of this kind. Comes back unchanged when no field fits.
std::string withFields(const std::string& event, HandlerEvent kind,
                       const std::vector<EventField>& fields);

/// Whether any of the fields has a place in events of this kind.
bool hasFieldsFor(HandlerEvent kind, const std::vector<EventField>& fields);

} // namespace coldframe::session

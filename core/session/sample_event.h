#pragma once

#include <filesystem>
#include <string>

#include "model/error.h"
#include "model/handler_reading.h"
#include "model/time.h"

namespace coldframe::session {

/// The object that a sample event tells of.
struct SampleObject {
    std::string store, trigger; ///< names
    std::string key;
    std::string bytes; ///< of it, for size and ETag
};

/// An event of the kind that a handler takes apart, as indented JSON text with a line end. Those of
/// objects are made as the file trigger makes them; of the others, those in `resources`/events are
/// taken. Errors: a file of those cannot be read.
Result<std::string> sampleEventFor(HandlerEvent kind, const SampleObject& object,
                                   const std::filesystem::path& resources, TimePoint now);

} // namespace coldframe::session

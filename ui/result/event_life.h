#pragma once

#include <string>

#include "session/snapshot.h"
#include "ui/result/life_stages.h"

namespace coldframe::ui {

/// What one attempt does not tell of its event: all attempts at it with their delays and where it
/// ended; of a batch from a queue, what became of each message.
///
/// @param function  whose attempt it was
/// @param event     JSON as the function got it
QList<LifeStage> eventStages(const session::Snapshot& snapshot, const session::Answer& answer,
                             const std::string& function, const std::string& event);

} // namespace coldframe::ui

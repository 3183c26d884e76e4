#pragma once

#include <QString>

#include "ui/editor/event_shapes.h"

namespace coldframe::ui {

/// What may stand where in a scenario, from its schema and the platforms that are there; for
/// completion. Empty when the schema cannot be read.
ShapeNode scenarioShape(const QString& resourceFolder);

} // namespace coldframe::ui

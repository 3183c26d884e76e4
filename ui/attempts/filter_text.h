#pragma once

#include <QString>

#include "ui/attempts/attempt_filter.h"

namespace coldframe::ui {

/// What is wrong with a term and what would be right, in a sentence or two.
QString problemText(const FilterProblem& problem);
/// The filter language in a few lines, for a tooltip.
QString filterHelp();

} // namespace coldframe::ui

#pragma once

#include <QString>

#include "ui/theme/theme.h"

namespace coldframe::ui {

/// What a palette cannot say, in this theme's colours: cards, buttons, tabs, scroll bars.
QString styleSheetOf(const Theme& theme);

} // namespace coldframe::ui

#pragma once

#include "ui/charts/live_cards.h"
#include "ui/charts/live_column.h"

namespace coldframe::ui {

/// The chart of the card of this title; null when there is none.
inline TimeChart* chartOf(LiveColumn& column, const char* title)
{
    for (LiveCard* card : column.findChildren<LiveCard*>())
        if (card->title() == QLatin1String(title))
            return card->chart();
    return nullptr;
}

} // namespace coldframe::ui

#pragma once

#include <QList>
#include <QString>

#include "ui/theme/theme.h"

namespace coldframe::ui {

class StudyCard;

/// Writes cards, one below the other, with their titles and legends: as a picture of twice the
/// screen's resolution, or as drawings (`.svg`). Returns why it could not; empty when it could.
QString exportCards(const QList<StudyCard*>& cards, const Theme& theme, const QString& path);

} // namespace coldframe::ui

#pragma once

#include <QIcon>
#include <QString>

#include "ui/theme/theme.h"

class QPainter;

namespace coldframe::ui {

/// The stroke icon resources/icons/<name>.svg in `color`, sharp at any scale. A control that is
/// disabled shows it in `disabled`.
QIcon strokeIcon(const QString& name, const QColor& color, const QColor& disabled);
QIcon strokeIcon(const QString& name, const QColor& color);

/// The same, painted at once; for delegates.
void paintIcon(QPainter& painter, const QString& name, const QRect& rect, const QColor& color);

} // namespace coldframe::ui

#pragma once

#include <QString>
#include <QStringList>

namespace coldframe::ui {

/// Folders of the shipped examples, by name.
QStringList shippedExamples();

/// The first sentence of a workspace's README, below its heading; the folder when it has none.
QString descriptionOf(const QString& folder);

} // namespace coldframe::ui

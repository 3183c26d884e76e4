#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace coldframe::ui {

/// Asks where a result is to be written to, writes it, and says why when it could not be. `folder`
/// is where the last one went. `write` returns what went wrong; the ending of its path says what is
/// wanted: .png, .svg, .csv or .series.csv.
void askAndExport(QWidget* parent, QString& folder, const QString& name,
                  const std::function<QString(const QString& path)>& write);

} // namespace coldframe::ui

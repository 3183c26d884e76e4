#pragma once

#include <QList>
#include <QString>

namespace coldframe::ui {

/// A place in a source file that a text names.
struct SourceLink {
    qsizetype start = 0, length = 0; ///< in the text
    QString file; ///< absolute
    int line = 0; ///< from 1
    int column = 0; ///< from 1; 0: not said
    bool operator==(const SourceLink&) const = default;
};

/// Traceback lines of Python and stack lines of Node, also where JSON escapes their quotes. What is
/// no file (`<frozen …>`, `node:internal`) is left out; relative files are `folder`'s. In order.
QList<SourceLink> findSourceLinks(const QString& text, const QString& folder,
                                  qsizetype limit = 500);

} // namespace coldframe::ui

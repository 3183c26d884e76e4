#pragma once

#include <QImage>
#include <QList>
#include <QString>
#include <QStringList>

namespace coldframe::ui {

/// The beginning of a file, as a person wants to see it.
struct ObjectPreview {
    enum class Kind {
        Missing, ///< it is not there, or cannot be read: see note
        Text,
        Json, ///< one value, laid out
        JsonLines, ///< a value a line, as it lies there
        Table, ///< comma, semicolon or tab separated
        Picture,
        Binary,
    };
    Kind kind = Kind::Missing;
    QString text; ///< of Text, Json and JsonLines
    QList<QStringList> rows; ///< of Table; the first is the head
    QImage picture; ///< scaled down to kMostPixels a side
    QString note; ///< what is not shown, or why nothing is

    static constexpr qint64 kMostBytes = 256 << 10; ///< read of a text
    static constexpr int kMostRows = 200;
    static constexpr int kMostPixels = 800;
};

/// Reads at most kMostBytes (pictures whole, when they are not too large). What it is is decided by
/// its bytes; only a table needs its name.
ObjectPreview previewOf(const QString& file);

/// Rows of separated values, quoted as RFC 4180 says. At most `limit`; a last line that was cut off
/// is left out when `whole` is false.
QList<QStringList> separatedRows(const QString& text, QChar separator, int limit, bool whole);

} // namespace coldframe::ui

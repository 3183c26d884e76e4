#include "ui/support/object_preview.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QImageReader>

#include "model/json_text.h"
#include "ui/editor/json_format.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

using Kind = ObjectPreview::Kind;

constexpr qint64 kLargestPicture = 32 << 20; ///< bytes of its file

QString say(const char* text)
{
    return QCoreApplication::translate("ObjectPreview", text);
}

/// One that this Qt can read, and small enough to be decoded while somebody waits.
bool readPicture(const QString& file, ObjectPreview& preview)
{
    QImageReader reader(file);
    if (!reader.canRead())
        return false;
    preview.kind = Kind::Picture;
    const QSize whole = reader.size();
    if (QFileInfo(file).size() > kLargestPicture) {
        preview.note = say("A picture too large to be shown here.");
        return true;
    }
    reader.setAutoTransform(true);
    const QSize most(ObjectPreview::kMostPixels, ObjectPreview::kMostPixels);
    if (whole.isValid() && (whole.width() > most.width() || whole.height() > most.height()))
        reader.setScaledSize(whole.scaled(most, Qt::KeepAspectRatio));
    preview.picture = reader.read();
    preview.note = preview.picture.isNull()
        ? say("The picture cannot be read: %1").arg(reader.errorString())
        : say("%1 × %2 pixels").arg(whole.width()).arg(whole.height());
    return true;
}

/// UTF-8 without control characters but those that texts have. A character cut off at the end of
/// what was read is no fault.
bool isText(const QByteArray& bytes, QString& text)
{
    for (const char c : bytes)
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'
            && c != '\f')
            return false;
    QStringDecoder decoder(QStringDecoder::Utf8);
    text = decoder.decode(bytes);
    return !decoder.hasError();
}

QChar separatorOf(const QString& name, const QString& text)
{
    if (name.endsWith(QLatin1String(".tsv"), Qt::CaseInsensitive))
        return QLatin1Char('\t');
    const QString head = text.section(QLatin1Char('\n'), 0, 0);
    return head.count(QLatin1Char(';')) > head.count(QLatin1Char(',')) ? QLatin1Char(';')
                                                                       : QLatin1Char(',');
}

bool isTable(const QString& name)
{
    return name.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive)
        || name.endsWith(QLatin1String(".tsv"), Qt::CaseInsensitive);
}

/// Two lines or more, and the first is a JSON object or list of its own.
bool isJsonLines(const QString& text)
{
    const QString first = text.section(QLatin1Char('\n'), 0, 0).trimmed();
    const bool another = !text.section(QLatin1Char('\n'), 1).trimmed().isEmpty();
    return another && (first.startsWith(QLatin1Char('{')) || first.startsWith(QLatin1Char('[')))
        && parseJson(first.toStdString(), std::string());
}

void readText(const QString& file, const QString& text, bool whole, ObjectPreview& preview)
{
    preview.kind = Kind::Text;
    preview.text = text;
    if (isTable(file)) {
        preview.kind = Kind::Table;
        preview.rows
            = separatedRows(text, separatorOf(file, text), ObjectPreview::kMostRows, whole);
    } else if (isJsonLines(text)) {
        preview.kind = Kind::JsonLines;
    } else if (whole) {
        const auto parsed = parseJson(text.toStdString(), std::string());
        if (!parsed)
            return;
        preview.kind = Kind::Json;
        preview.text = QString::fromStdString(formatJson(*parsed));
    }
}

} // namespace

QList<QStringList> separatedRows(const QString& text, QChar separator, int limit, bool whole)
{
    QList<QStringList> rows;
    QStringList row;
    QString cell;
    bool quoted = false, begun = false;
    const auto endCell = [&] {
        row.append(std::exchange(cell, {}));
        begun = false;
    };
    for (qsizetype i = 0; i < text.size() && rows.size() < limit; ++i) {
        const QChar c = text[i];
        if (quoted) {
            if (c != QLatin1Char('"'))
                cell += c;
            else if (i + 1 < text.size() && text[i + 1] == QLatin1Char('"'))
                cell += text[++i];
            else
                quoted = false;
        } else if (c == QLatin1Char('"') && !begun) {
            quoted = begun = true;
        } else if (c == separator) {
            endCell();
        } else if (c == QLatin1Char('\n')) {
            endCell();
            rows.append(std::exchange(row, {}));
        } else if (c != QLatin1Char('\r')) {
            cell += c;
            begun = true;
        }
    }
    if (whole && rows.size() < limit && (!row.isEmpty() || !cell.isEmpty())) {
        endCell();
        rows.append(row);
    }
    return rows;
}

ObjectPreview previewOf(const QString& file)
{
    ObjectPreview preview;
    QFile in(file);
    if (!QFileInfo(file).isFile() || !in.open(QFile::ReadOnly)) {
        preview.note = in.exists() ? say("It cannot be read: %1").arg(in.errorString())
                                   : say("It is no longer there.");
        return preview;
    }
    if (readPicture(file, preview))
        return preview;
    const QByteArray bytes = in.read(ObjectPreview::kMostBytes);
    const bool whole = bytes.size() == in.size();
    QString text;
    if (!isText(bytes, text)) {
        preview.kind = Kind::Binary;
        preview.note = say("No text and no picture: not shown.");
        return preview;
    }
    readText(file, text, whole, preview);
    if (preview.kind == Kind::Table && (!whole || preview.rows.size() == ObjectPreview::kMostRows))
        preview.note = say("The first %1 rows.").arg(preview.rows.size());
    else if (!whole)
        preview.note = say("The first %1 of %2.")
                           .arg(bytesText(static_cast<std::uint64_t>(bytes.size())),
                                bytesText(static_cast<std::uint64_t>(in.size())));
    else if (bytes.isEmpty())
        preview.note = say("It is empty.");
    return preview;
}

} // namespace coldframe::ui

#include "ui/support/examples.h"

#include <QDir>
#include <QFile>

#include "ui/support/resources.h"

namespace coldframe::ui {

QString descriptionOf(const QString& folder)
{
    QFile readme(folder + QStringLiteral("/README.md"));
    if (!readme.open(QIODevice::ReadOnly))
        return folder;
    QString paragraph;
    while (!readme.atEnd()) {
        const QString line = QString::fromUtf8(readme.readLine(2000)).trimmed();
        if (line.startsWith(QLatin1Char('#')))
            continue;
        if (line.isEmpty()) {
            if (!paragraph.isEmpty())
                break;
            continue;
        }
        paragraph += (paragraph.isEmpty() ? QString() : QStringLiteral(" ")) + line;
    }
    const qsizetype end = paragraph.indexOf(QStringLiteral(". "));
    return (end > 0 ? paragraph.left(end + 1) : paragraph).remove(QLatin1Char('`'));
}

QStringList shippedExamples()
{
    QStringList folders;
    const QDir examples(examplesFolder());
    for (const QFileInfo& entry :
         examples.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name))
        if (QFile::exists(entry.absoluteFilePath() + QStringLiteral("/coldframe.json")))
            folders << entry.absoluteFilePath();
    return folders;
}

} // namespace coldframe::ui

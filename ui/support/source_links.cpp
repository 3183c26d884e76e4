#include "ui/support/source_links.h"

#include <QDir>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace coldframe::ui {

namespace {

/// Three ways to name a place, each as file, line and, perhaps, column:
///   File "app.py", line 12     at f (/code/index.js:5:9)     /code/index.js:5   (alone on a line)
const QRegularExpression& pattern()
{
    static const QRegularExpression made(
        QStringLiteral(
            R"(File \\?"(?<py>[^"\\<>\n]+)\\?",? [lL]ine (?<pyline>\d+))"
            R"(|\bat [^\n"(]*\((?<call>(?:file://)?[./][^()\n"]*?):(?<cl>\d+):(?<cc>\d+)\))"
            R"(|\bat (?:async )?(?<bare>(?:file://)?[./][^()\n"]*?):(?<bl>\d+):(?<bc>\d+))"
            R"(|^(?<top>(?:file://)?/[^:\n"]+\.[cm]?js):(?<tl>\d+)$)"),
        QRegularExpression::MultilineOption);
    return made;
}

struct Groups {
    const char *file, *line, *column;
};
constexpr Groups kForms[] = {
    {"py", "pyline", nullptr}, {"call", "cl", "cc"}, {"bare", "bl", "bc"}, {"top", "tl", nullptr}};

QString absolute(const QString& file, const QString& folder)
{
    const QString path
        = file.startsWith(QLatin1String("file://")) ? QUrl(file).toLocalFile() : file;
    return QDir::cleanPath(QDir(folder).absoluteFilePath(path));
}

} // namespace

QList<SourceLink> findSourceLinks(const QString& text, const QString& folder, qsizetype limit)
{
    QList<SourceLink> links;
    auto matches = pattern().globalMatch(text);
    while (matches.hasNext() && links.size() < limit) {
        const QRegularExpressionMatch match = matches.next();
        for (const Groups& form : kForms) {
            const QString file = match.captured(QLatin1String(form.file));
            if (file.isEmpty())
                continue;
            SourceLink link;
            link.start = match.capturedStart(QLatin1String(form.file));
            const char* last = form.column ? form.column : form.line;
            link.length = match.capturedEnd(QLatin1String(last)) - link.start;
            link.file = absolute(file, folder);
            link.line = match.captured(QLatin1String(form.line)).toInt();
            if (form.column)
                link.column = match.captured(QLatin1String(form.column)).toInt();
            if (link.line > 0)
                links.append(link);
            break;
        }
    }
    return links;
}

} // namespace coldframe::ui

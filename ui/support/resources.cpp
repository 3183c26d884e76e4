#include "ui/support/resources.h"

#include <QCoreApplication>
#include <QDir>

namespace coldframe::ui {

namespace {

QString firstThatExists(std::initializer_list<QString> candidates)
{
    for (const QString& path : candidates)
        if (!path.isEmpty() && QDir(path).exists())
            return QDir::cleanPath(path);
    return {};
}

} // namespace

QString resourceFolder()
{
    const QString program = QCoreApplication::applicationDirPath();
    return firstThatExists({qEnvironmentVariable("COLDFRAME_RESOURCES"),
                            program + QStringLiteral("/../share/coldframe"),
                            QStringLiteral(COLDFRAME_SOURCE_DIR "/resources")});
}

QString examplesFolder()
{
    const QString program = QCoreApplication::applicationDirPath();
    return firstThatExists({program + QStringLiteral("/../share/coldframe/examples"),
                            QStringLiteral(COLDFRAME_SOURCE_DIR "/examples")});
}

} // namespace coldframe::ui

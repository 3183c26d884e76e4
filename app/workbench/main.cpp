// coldframe-workbench [WORKSPACE]: the window. Without a workspace it welcomes with the examples; a
// scenario file or a recording is opened as such.

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QScreen>

#include <cstdio>

#include "ui/session_bridge/live_session.h"
#include "ui/shell/main_window.h"
#include "ui/shell/settings.h"
#include "ui/support/resources.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

/// With COLDFRAME_TRACE_START=1, says on stderr how long after main() began each step was done.
class StartTrace {
public:
    StartTrace() { m_clock.start(); }
    void note(const char* step) const
    {
        if (m_wanted)
            std::fprintf(stderr, "start: %-14s %6.1f ms\n", step,
                         static_cast<double>(m_clock.nsecsElapsed()) / 1e6);
    }

private:
    const bool m_wanted = qEnvironmentVariableIntValue("COLDFRAME_TRACE_START") == 1;
    QElapsedTimer m_clock;
};

Result<std::unique_ptr<SessionPort>> openLive(const QString& folder)
{
    session::Options options;
    options.workspace = folder.toStdString();
    options.resources = resourceFolder().toStdString();
    // What is shipped with the program is trusted as the program is; of all other folders the
    // session knows which the user trusted before.
    const QString examples = examplesFolder();
    options.trusted = !examples.isEmpty() && folder.startsWith(examples + QLatin1Char('/'));
    return LiveSession::open(std::move(options));
}

} // namespace

int main(int argc, char** argv)
{
    const StartTrace trace;
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("coldframe"));
    QApplication::setApplicationName(QStringLiteral("coldframe-workbench"));
    QApplication::setApplicationDisplayName(QStringLiteral("Coldframe"));
    QApplication::setApplicationVersion(QStringLiteral(COLDFRAME_VERSION));
    trace.note("application");

    QCommandLineParser arguments;
    arguments.setApplicationDescription(
        QCoreApplication::translate("main", "A workbench for serverless data processing."));
    arguments.addHelpOption();
    arguments.addVersionOption();
    arguments.addPositionalArgument(
        QStringLiteral("workspace"),
        QCoreApplication::translate("main",
                                    "Folder with coldframe.json to open, or with your functions; "
                                    "or a scenario file, or a recording."),
        QStringLiteral("[WORKSPACE]"));
    arguments.process(app);
    if (arguments.positionalArguments().size() > 1) {
        std::fputs("coldframe-workbench: give one workspace at most; --help says more\n", stderr);
        return 2;
    }
    const QString workspace = arguments.positionalArguments().value(0);

    ThemeManager themes;
    themes.setMode(Settings().themeMode());
    trace.note("theme");
    MainWindow window(themes, openLive);
    trace.note("window");
    // The frame is drawn first; the workspace comes the moment after.
    QObject::connect(&window, &MainWindow::firstPainted, &window, [&] {
        trace.note("first paint");
        if (!workspace.isEmpty())
            window.enter(workspace);
        trace.note("workspace");
    });
    if (workspace.isEmpty())
        window.showWelcome();
    // The first start has no size that a person chose, and screens of laptops are small.
    window.resize(window.size().boundedTo(window.screen()->availableSize()));
    window.show();
    return QApplication::exec();
}

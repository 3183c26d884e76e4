// Fills the window with a made-up snapshot and saves what it looks like, for comparing by eye:
//   look FOLDER    writes light.png and dark.png (and a few states) into FOLDER

#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/editor/event_pane.h"
#include "ui/result/result_pane.h"
#include "ui/shell/main_window.h"
#include "ui/shell/workspace_area.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

const char kEvent[] = R"({
  "Records": [
    {
      "eventVersion": "2.1",
      "eventSource": "aws:s3",
      "awsRegion": "us-east-1",
      "eventTime": "2026-09-14T14:02:59Z",
      "eventName": "ObjectCreated:Put",
      "s3": {
        "bucket": { "name": "uploads" },
        "object": {
          "key": "2026/cat+0042.jpg",
          "size": 2481193,
          "eTag": "9b2cf535f27731c974343645a3985328",
          "sequencer": "0055AED6DCD90281E5"
        }
      }
    }
  ]
}
)";

void save(QWidget& window, const QString& path)
{
    if (!QTest::qWaitForWindowExposed(&window))
        qFatal("the window did not appear");
    for (int i = 0; i < 20; ++i)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    window.grab().save(path);
}

std::shared_ptr<session::Snapshot> inFolder(const QString& folder)
{
    auto snapshot = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->folder = folder.toStdString();
    snapshot->workspace = workspace;
    QDir(folder).mkpath(QStringLiteral("events"));
    QDir(folder).mkpath(QStringLiteral(".coldframe/recordings/20260914-134000"));
    QFile first(folder + QStringLiteral("/events/s3-put-large.json"));
    if (first.open(QIODevice::WriteOnly))
        first.write(kEvent);
    QFile second(folder + QStringLiteral("/events/zz-not-a-picture.json"));
    if (second.open(QIODevice::WriteOnly))
        second.write("{}\n");
    return snapshot;
}

} // namespace

int main(int argc, char** argv)
{
    QStandardPaths::setTestModeEnabled(true);
    QApplication app(argc, argv);
    app.setOrganizationName(QStringLiteral("coldframe-look"));
    app.setApplicationName(QStringLiteral("look"));
    QSettings().clear();
    const QString out = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral(".");
    QTemporaryDir folder;
    const auto snapshot = inFolder(folder.path());

    ThemeManager themes;
    themes.setMode(ThemeMode::Light);
    sample::MadeUpPort* port = nullptr;
    MainWindow window(themes, [&](const QString&) -> Result<std::unique_ptr<SessionPort>> {
        auto made = std::make_unique<sample::MadeUpPort>(snapshot);
        made->answer = sample::coldAnswer();
        port = made.get();
        return made;
    });
    window.resize(1600, 1000);
    window.show();
    window.showWelcome();
    save(window, out + QStringLiteral("/welcome.png"));
    window.openWorkspace(folder.path());
    save(window, out + QStringLiteral("/empty.png"));
    window.actions().action(QStringLiteral("run.send"))->trigger();
    save(window, out + QStringLiteral("/light.png"));
    themes.setMode(ThemeMode::Dark);
    save(window, out + QStringLiteral("/dark.png"));

    auto* area = window.findChild<WorkspaceArea*>();
    area->openTrigger(QStringLiteral("nightly"));
    save(window, out + QStringLiteral("/trigger.png"));
    area->openFunction(QStringLiteral("csv-etl"));
    area->events()->setEventText(QStringLiteral("{\n  \"a\": tru,\n  \"b\": 2\n}\n"));
    auto untrusted = std::make_shared<session::Snapshot>(*snapshot);
    untrusted->trusted = false;
    untrusted->triggersRunning = false;
    untrusted->workspaceErrors = {{.message = "memoryMb must be between 128 and 10240, got 64",
                                   .hint = "Raise it.",
                                   .file = "coldframe.json",
                                   .line = 12,
                                   .column = 9}};
    untrusted->notices = {{.at = untrusted->now,
                           .severity = session::Notice::Severity::Warning,
                           .text = "Trigger on-upload paused: its function writes into the folder "
                                   "that triggers it, 16 hops.",
                           .hint = "Write into another store, then resume."}};
    port->publish(untrusted);
    themes.setMode(ThemeMode::Light);
    save(window, out + QStringLiteral("/attention.png"));
    return 0;
}

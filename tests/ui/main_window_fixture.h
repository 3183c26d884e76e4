#pragma once

#include <QAction>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/shell/main_window.h"
#include "ui/shell/workspace_area.h"
#include "ui/theme/theme_manager.h"

namespace coldframe::ui::test {

/// The whole window on a made-up session, in a folder of its own.
class MainWindowFixture : public QObject {
protected:
    void prepare(const QString& name); ///< of the test, for its settings
    void openWindow();
    QAction* action(const char* id) { return m_window->actions().action(QLatin1String(id)); }
    WorkspaceArea* area() { return m_window->findChild<WorkspaceArea*>(); }
    std::shared_ptr<session::Snapshot> snapshotHere() const;

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
    sample::MadeUpPort* m_port = nullptr;
};

inline void MainWindowFixture::prepare(const QString& name)
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(name);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_themes = std::make_unique<ThemeManager>();
}

inline std::shared_ptr<session::Snapshot> MainWindowFixture::snapshotHere() const
{
    auto snapshot = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->folder = m_folder->path().toStdString();
    snapshot->workspace = workspace;
    return snapshot;
}

inline void MainWindowFixture::openWindow()
{
    QSettings().clear();
    m_folder = std::make_unique<QTemporaryDir>();
    m_window = std::make_unique<MainWindow>(
        *m_themes, [this](const QString& folder) -> Result<std::unique_ptr<SessionPort>> {
            if (folder != m_folder->path())
                return tl::unexpected(
                    Error{.message = "there is no coldframe.json", .hint = "Make one."});
            auto port = std::make_unique<sample::MadeUpPort>(snapshotHere());
            port->answer = sample::coldAnswer();
            m_port = port.get();
            return port;
        });
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QVERIFY(m_window->openWorkspace(m_folder->path()));
}

} // namespace coldframe::ui::test

#pragma once

#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "made_up_port.h"
#include "made_up_scenario.h"
#include "sample_snapshot.h"
#include "ui/shell/main_window.h"
#include "ui/simulate/simulate_page.h"
#include "ui/theme/theme_manager.h"

namespace coldframe::ui::test {

inline constexpr int kPatienceMs = 60'000;

inline void typeKey(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QTest::keyClick(QApplication::focusWidget(), key, modifiers);
}

/// A page of a scenario, or the whole window, over a folder of its own.
class SimulateFixture : public QObject {
protected:
    void prepare(const QString& name); ///< of the test, for its settings
    void makeFolder();
    QString write(const QString& name, const std::string& text) const;
    std::unique_ptr<SimulatePage> page(const std::string& text);
    bool runToTheEnd(SimulatePage& page);
    std::shared_ptr<session::Snapshot> snapshotHere() const;
    std::unique_ptr<MainWindow> window();

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<QTemporaryDir> m_folder;
};

inline void SimulateFixture::prepare(const QString& name)
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(name);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_themes = std::make_unique<ThemeManager>();
}

inline void SimulateFixture::makeFolder()
{
    QSettings().clear();
    m_folder = std::make_unique<QTemporaryDir>();
}

inline QString SimulateFixture::write(const QString& name, const std::string& text) const
{
    const QString path = m_folder->filePath(QStringLiteral("scenarios/") + name);
    QFile file(path);
    if (!QDir(m_folder->path()).mkpath(QStringLiteral("scenarios"))
        || !file.open(QIODevice::WriteOnly)
        || file.write(text.data(), static_cast<qint64>(text.size())) < 0)
        qFatal("cannot write %s", qPrintable(path));
    return path;
}

inline std::unique_ptr<SimulatePage> SimulateFixture::page(const std::string& text)
{
    auto made = std::make_unique<SimulatePage>(write(QStringLiteral("small.json"), text),
                                               QStringLiteral(COLDFRAME_SOURCE_DIR "/resources"));
    made->resize(1300, 850);
    made->show();
    if (!QTest::qWaitForWindowActive(made.get()))
        return nullptr;
    made->setFocus();
    return made;
}

inline bool SimulateFixture::runToTheEnd(SimulatePage& page)
{
    page.run();
    return QTest::qWaitFor([&] { return !page.isRunning(); }, kPatienceMs) && page.hasResult();
}

inline std::shared_ptr<session::Snapshot> SimulateFixture::snapshotHere() const
{
    auto snapshot = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->folder = m_folder->path().toStdString();
    snapshot->workspace = workspace;
    return snapshot;
}

inline std::unique_ptr<MainWindow> SimulateFixture::window()
{
    auto made = std::make_unique<MainWindow>(
        *m_themes, [this](const QString&) -> Result<std::unique_ptr<SessionPort>> {
            return std::make_unique<sample::MadeUpPort>(snapshotHere());
        });
    made->show();
    return QTest::qWaitForWindowActive(made.get()) && made->openWorkspace(m_folder->path())
        ? std::move(made)
        : nullptr;
}

} // namespace coldframe::ui::test

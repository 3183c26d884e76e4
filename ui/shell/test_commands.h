#pragma once

#include <QObject>
#include <QSet>

#include "ui/tests_view/test_runner.h"
#include "ui/tests_view/tests_model.h"

class QDockWidget;

namespace coldframe::ui {

class ActionRegistry;
class TestsPane;
class WorkspaceArea;

/// The *Test* commands and the dock that shows what comes of them.
class TestCommands : public QObject {
    Q_OBJECT
public:
    TestCommands(ActionRegistry& actions, WorkspaceArea& area, QDockWidget& dock, QWidget& window);

    void setPort(SessionPort* port);
    void setTheme(const Theme& theme);
    /// Looks again at which test events there are.
    void list() { m_runner.list(); }
    TestsPane* pane() const { return m_pane; } ///< null before the first workspace

Q_SIGNALS:
    void marksChanged(const coldframe::ui::TestMarks& marks);
    void placeWanted(const QString& file, int line, int column);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void refresh();
    void tellMarks();
    void testAll();
    void testFailed();
    void test(const QSet<QString>& names);
    bool mayReachAccounts(const QSet<QString>& names);
    QSet<QString> namesOfFailed() const;
    void openEvent(const QString& path, const QString& function);
    QAction* action(const char* id) const;

    ActionRegistry& m_actions;
    WorkspaceArea& m_area;
    QDockWidget& m_dock;
    QWidget& m_window;
    SessionPort* m_port = nullptr;
    std::shared_ptr<const Workspace> m_workspace;
    TestsModel m_model;
    TestRunner m_runner;
    TestsPane* m_pane = nullptr;
    TestMarks m_marks;
    const Theme* m_theme;
};

} // namespace coldframe::ui

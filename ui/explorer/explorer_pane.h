#pragma once

#include <QSortFilterProxyModel>
#include <QWidget>

#include "model/workspace_edit.h"
#include "ui/explorer/explorer_model.h"
#include "ui/explorer/workspace_folder.h"
#include "ui/session_bridge/session_port.h"
#include "ui/tests_view/test_state.h"

class QLineEdit;
class QMenu;
class QTreeView;

namespace coldframe::ui {

class ExplorerDelegate;

/// The workspace as a tree. Choosing a line opens it; its menu says what can be done with it.
class ExplorerPane : public QWidget {
    Q_OBJECT
public:
    explicit ExplorerPane(QWidget* parent = nullptr);

    void setPort(SessionPort* port);
    void setTheme(const Theme& theme);
    void select(Section section, const QString& key);
    /// The menu of a line; empty when nothing can be done with it.
    void fillMenu(QMenu& menu, const QModelIndex& source);
    void refreshFolder() { m_folder.refresh(); }
    /// How test events went last.
    void setTestMarks(const TestMarks& marks);
    void focusFilter();
    QTreeView* tree() const { return m_tree; }
    ExplorerModel& model() { return m_model; }

Q_SIGNALS:
    void functionChosen(const QString& name);
    void triggerChosen(const QString& name);
    void storeChosen(const QString& name);
    void eventChosen(const QString& path);
    void scenarioChosen(const QString& path);
    void newScenarioWanted();
    void recordingChosen(const QString& path);
    void sourceWanted(const QString& function);
    void sendWanted(const QString& function);
    void addWanted(coldframe::EntryKind kind);
    void editWanted(coldframe::EntryKind kind, const QString& name);
    void removeWanted(coldframe::EntryKind kind, const QString& name);

private:
    void show(const SnapshotPtr& snapshot);
    void refill();
    void choose(const QModelIndex& proxyIndex);
    void chooseRecording(const QModelIndex& proxyIndex);
    void fillLineMenu(QMenu& menu, Section section, const QString& key);
    void fillEditMenu(QMenu& menu, EntryKind kind, const QString& name);
    void addAddAction(QMenu& menu, EntryKind kind);
    void fillDebugMenu(QMenu& menu, const Function& function);
    void fillTriggerMenu(QMenu& menu, const QString& name);
    void fillStoreMenu(QMenu& menu, const QString& name);

    ExplorerModel m_model;
    QSortFilterProxyModel m_filtered;
    WorkspaceFolder m_folder;
    QLineEdit* m_filter;
    QTreeView* m_tree;
    ExplorerDelegate* m_delegate;
    SessionPort* m_port = nullptr;
    SnapshotPtr m_snapshot;
    TestMarks m_tests;
    bool m_rowsMove = false; ///< a line that takes a gone one's place was not chosen by anybody
};

/// Shows a file or folder in the desktop's file manager.
void openInDesktop(const QString& path);

} // namespace coldframe::ui

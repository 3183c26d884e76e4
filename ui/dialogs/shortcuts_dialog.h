#pragma once

#include <QDialog>

#include <vector>

class QAction;
class QLineEdit;
class QTreeWidget;

namespace coldframe::ui {

/// Every command with its key, as the menus have them, to be looked through by typing.
class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    explicit ShortcutsDialog(const std::vector<QAction*>& actions, QWidget* parent = nullptr);

private:
    void filter(const QString& text);

    QLineEdit* m_filter;
    QTreeWidget* m_list;
};

} // namespace coldframe::ui

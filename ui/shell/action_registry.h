#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>

#include <vector>

#include "ui/theme/theme.h"

namespace coldframe::ui {

/// Every command of the window by id. Menus, the tool bar and the search box are built from it, so
/// a command has one text, one shortcut and one state.
class ActionRegistry : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// `icon` names a stroke icon; empty for none.
    QAction* add(const QString& id, const QString& text, const QKeySequence& shortcut = {},
                 const QString& icon = {});
    QAction* action(const QString& id) const; ///< asserted to exist
    const std::vector<QAction*>& all() const { return m_actions; }

    void setIcon(const QString& id, const QString& icon);
    void setTheme(const Theme& theme);

private:
    void tint(QAction* action) const;

    std::vector<QAction*> m_actions;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

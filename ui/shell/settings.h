#pragma once

#include <QByteArray>
#include <QHash>
#include <QSettings>
#include <QStringList>

#include "ui/theme/theme_manager.h"

namespace coldframe::ui {

/// What the window remembers between starts. The only place that knows the keys.
class Settings {
public:
    ThemeMode themeMode() const;
    void setThemeMode(ThemeMode mode);

    QByteArray geometry() const;
    void setGeometry(const QByteArray& bytes);
    /// Docks and tool bars, as QMainWindow::saveState(version) gave them.
    QByteArray layout() const;
    void setLayout(const QByteArray& bytes);

    QString editor() const; ///< a command with its arguments; empty: none chosen
    void setEditor(const QString& command);

    QStringList recentWorkspaces() const; ///< newest first, at most ten
    void addRecentWorkspace(const QString& folder);

    /// Events being written, by function.
    QHash<QString, QString> drafts(const QString& workspaceFolder) const;
    void setDrafts(const QString& workspaceFolder, const QHash<QString, QString>& drafts);

private:
    mutable QSettings m_store;
};

} // namespace coldframe::ui

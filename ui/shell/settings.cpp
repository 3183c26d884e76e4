#include "ui/shell/settings.h"

#include <QCryptographicHash>
#include <QDir>

namespace coldframe::ui {

namespace {

constexpr int kRecent = 10;
constexpr qsizetype kLargestDraft = 256 * 1024; ///< settings are no place for large events

const QString kTheme = QStringLiteral("window/theme");
const QString kGeometry = QStringLiteral("window/geometry");
const QString kLayout = QStringLiteral("window/layout");
const QString kEditor = QStringLiteral("editor/command");
const QString kRecentKey = QStringLiteral("workspaces/recent");

QString draftsGroup(const QString& folder)
{
    const QByteArray hash
        = QCryptographicHash::hash(QDir(folder).absolutePath().toUtf8(), QCryptographicHash::Sha1);
    return QStringLiteral("drafts/") + QString::fromLatin1(hash.toHex().left(16));
}

} // namespace

ThemeMode Settings::themeMode() const
{
    const QString mode = m_store.value(kTheme).toString();
    if (mode == QLatin1String("light"))
        return ThemeMode::Light;
    return mode == QLatin1String("dark") ? ThemeMode::Dark : ThemeMode::System;
}

void Settings::setThemeMode(ThemeMode mode)
{
    const char* name = mode == ThemeMode::Light ? "light"
        : mode == ThemeMode::Dark               ? "dark"
                                                : "system";
    m_store.setValue(kTheme, QLatin1String(name));
}

QByteArray Settings::geometry() const
{
    return m_store.value(kGeometry).toByteArray();
}

void Settings::setGeometry(const QByteArray& bytes)
{
    m_store.setValue(kGeometry, bytes);
}

QByteArray Settings::layout() const
{
    return m_store.value(kLayout).toByteArray();
}

void Settings::setLayout(const QByteArray& bytes)
{
    m_store.setValue(kLayout, bytes);
}

QString Settings::editor() const
{
    return m_store.value(kEditor).toString();
}

void Settings::setEditor(const QString& command)
{
    m_store.setValue(kEditor, command);
}

QStringList Settings::recentWorkspaces() const
{
    return m_store.value(kRecentKey).toStringList();
}

void Settings::addRecentWorkspace(const QString& folder)
{
    QStringList recent = recentWorkspaces();
    const QString path = QDir(folder).absolutePath();
    recent.removeAll(path);
    recent.prepend(path);
    while (recent.size() > kRecent)
        recent.removeLast();
    m_store.setValue(kRecentKey, recent);
}

QHash<QString, QString> Settings::drafts(const QString& workspaceFolder) const
{
    QHash<QString, QString> drafts;
    m_store.beginGroup(draftsGroup(workspaceFolder));
    for (const QString& key : m_store.childKeys())
        drafts.insert(key, m_store.value(key).toString());
    m_store.endGroup();
    return drafts;
}

void Settings::setDrafts(const QString& workspaceFolder, const QHash<QString, QString>& drafts)
{
    m_store.beginGroup(draftsGroup(workspaceFolder));
    m_store.remove(QString());
    for (auto draft = drafts.begin(); draft != drafts.end(); ++draft)
        if (draft->size() <= kLargestDraft)
            m_store.setValue(draft.key(), *draft);
    m_store.endGroup();
}

} // namespace coldframe::ui

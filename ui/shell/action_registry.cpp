#include "ui/shell/action_registry.h"

#include <algorithm>

#include "ui/theme/icons.h"

namespace coldframe::ui {

namespace {

constexpr char kIconProperty[] = "coldframeIcon";

} // namespace

QAction* ActionRegistry::add(const QString& id, const QString& text, const QKeySequence& shortcut,
                             const QString& icon)
{
    auto* action = new QAction(text, this);
    action->setObjectName(id);
    action->setProperty(kIconProperty, icon);
    action->setShortcut(shortcut);
    QString tip = QString(text).remove(QLatin1Char('&'));
    if (!shortcut.isEmpty())
        tip += QStringLiteral(" (%1)").arg(shortcut.toString(QKeySequence::NativeText));
    action->setToolTip(tip);
    m_actions.push_back(action);
    tint(action);
    return action;
}

QAction* ActionRegistry::action(const QString& id) const
{
    const auto found = std::ranges::find(m_actions, id, &QAction::objectName);
    Q_ASSERT(found != m_actions.end());
    return *found;
}

void ActionRegistry::setIcon(const QString& id, const QString& icon)
{
    QAction* changed = action(id);
    if (changed->property(kIconProperty).toString() == icon)
        return;
    changed->setProperty(kIconProperty, icon);
    tint(changed);
}

void ActionRegistry::setTheme(const Theme& theme)
{
    m_theme = &theme;
    for (QAction* action : m_actions)
        tint(action);
}

void ActionRegistry::tint(QAction* action) const
{
    const QString icon = action->property(kIconProperty).toString();
    if (icon.isEmpty())
        return;
    const bool onAccent = action->objectName() == QLatin1String("run.send");
    action->setIcon(strokeIcon(icon, onAccent ? m_theme->onAccent : m_theme->text, m_theme->dim));
    action->setIconVisibleInMenu(false);
}

} // namespace coldframe::ui

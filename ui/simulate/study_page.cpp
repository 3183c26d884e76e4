#include "ui/simulate/study_page.h"

#include <QKeyEvent>

namespace coldframe::ui {

/// They are no shortcuts of the window, where F5 sends an attempt again and Esc clears a field.
bool StudyPage::takeKey(QEvent* event)
{
    const bool asked = event->type() == QEvent::ShortcutOverride;
    if (!asked && event->type() != QEvent::KeyPress)
        return false;
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool runs = key->key() == Qt::Key_F5 && key->modifiers() == Qt::NoModifier && canRun();
    const bool cancels = key->key() == Qt::Key_Escape && key->modifiers() == Qt::NoModifier
        && isRunning() && !needsEscape();
    if (!runs && !cancels)
        return false;
    if (!asked)
        runs ? run() : cancel();
    event->accept();
    return true;
}

bool StudyPage::event(QEvent* event)
{
    return takeKey(event) || QWidget::event(event);
}

} // namespace coldframe::ui

#include "ui/shell/pane_focus.h"

#include <QApplication>

#include <algorithm>

namespace coldframe::ui {

namespace {

bool takesTab(const QWidget* widget)
{
    return (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->isVisible() && widget->isEnabled()
        && !widget->focusProxy();
}

} // namespace

PaneFocus::PaneFocus(QWidget& window) : QObject(&window), m_window(window)
{
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        if (const qsizetype pane = now ? paneOf(now) : -1; pane >= 0)
            m_last.insert(m_panes.at(pane), now);
    });
}

qsizetype PaneFocus::paneOf(const QWidget* widget) const
{
    qsizetype innermost = -1;
    for (qsizetype i = 0; i < m_panes.size(); ++i)
        if ((m_panes.at(i) == widget || m_panes.at(i)->isAncestorOf(widget))
            && (innermost < 0 || m_panes.at(innermost)->isAncestorOf(m_panes.at(i))))
            innermost = i;
    return innermost;
}

/// All of the window that Tab stops at, in the order Tab takes now.
QList<QWidget*> PaneFocus::stops() const
{
    QList<QWidget*> found;
    for (QWidget* widget = m_window.nextInFocusChain(); widget != &m_window;
         widget = widget->nextInFocusChain())
        if (takesTab(widget) && widget->window() == &m_window)
            found.append(widget);
    return found;
}

QWidget* PaneFocus::targetIn(QWidget* pane) const
{
    QWidget* last = m_last.value(pane);
    if (last && takesTab(last) && paneOf(last) == m_panes.indexOf(pane))
        return last;
    if (QWidget* proxy = pane->focusProxy(); proxy && takesTab(proxy))
        return proxy;
    for (QWidget* stop : stops())
        if (paneOf(stop) == m_panes.indexOf(pane))
            return stop;
    return nullptr;
}

void PaneFocus::move(int step)
{
    const qsizetype count = m_panes.size();
    const QWidget* focus = QApplication::focusWidget();
    const qsizetype from = focus ? paneOf(focus) : -1;
    for (qsizetype i = 1; i <= count; ++i) {
        const qsizetype start = from < 0 && step > 0 ? -1 : std::max<qsizetype>(from, 0);
        QWidget* pane = m_panes.at(((start + step * i) % count + count) % count);
        QWidget* target = pane->isVisible() ? targetIn(pane) : nullptr;
        if (target) {
            target->setFocus(Qt::ShortcutFocusReason);
            return;
        }
    }
}

void PaneFocus::arrange()
{
    QList<QWidget*> all = stops();
    const QList<QWidget*> before = all;
    std::ranges::stable_sort(all, {}, [this](const QWidget* stop) { return paneOf(stop); });
    if (all == before)
        return;
    for (qsizetype i = 1; i < all.size(); ++i)
        QWidget::setTabOrder(all.at(i - 1), all.at(i));
}

} // namespace coldframe::ui

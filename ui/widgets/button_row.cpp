#include "ui/widgets/button_row.h"

#include <QAction>
#include <QPushButton>

#include <algorithm>

namespace coldframe::ui {

namespace {

constexpr int kGap = 6;

} // namespace

QPushButton* actionButton(QAction* action, QWidget* parent)
{
    auto* button = new QPushButton(action->text(), parent);
    const auto take = [button, action] {
        button->setEnabled(action->isEnabled());
        button->setVisible(action->isVisible());
        button->setToolTip(action->toolTip());
    };
    take();
    QObject::connect(action, &QAction::changed, button, take);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

ButtonRow::ButtonRow(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ButtonRow::setActions(const QList<QAction*>& actions)
{
    for (QAction* action : actions) {
        m_buttons.append(actionButton(action, this));
        connect(action, &QAction::changed, this, &ButtonRow::arrange);
    }
    arrange();
}

QSize ButtonRow::sizeHint() const
{
    int width = 0;
    for (const QPushButton* button : m_buttons)
        if (!button->isHidden())
            width += button->sizeHint().width() + (width > 0 ? kGap : 0);
    return {width, m_height};
}

QSize ButtonRow::minimumSizeHint() const
{
    int width = 0;
    for (const QPushButton* button : m_buttons)
        if (!button->isHidden())
            width = std::max(width, button->sizeHint().width());
    return {width, m_height};
}

void ButtonRow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void ButtonRow::arrange()
{
    int x = 0, y = 0, row = 0;
    for (QPushButton* button : m_buttons) {
        if (button->isHidden())
            continue;
        const QSize size = button->sizeHint();
        if (x > 0 && x + size.width() > width()) {
            x = 0;
            y += row + kGap;
            row = 0;
        }
        button->setGeometry(QRect(QPoint(x, y), size));
        x += size.width() + kGap;
        row = std::max(row, size.height());
    }
    if (y + row == m_height)
        return;
    m_height = y + row;
    updateGeometry();
}

} // namespace coldframe::ui

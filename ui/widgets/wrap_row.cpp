#include "ui/widgets/wrap_row.h"

#include <QEvent>

#include <algorithm>

namespace coldframe::ui {

WrapRow::WrapRow(QWidget* parent, int spacing) : QWidget(parent), m_spacing(spacing)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

int WrapRow::Item::least() const
{
    const int hint = stretches ? widget->minimumSizeHint().width() : widget->sizeHint().width();
    return std::max(hint, widget->minimumWidth());
}

void WrapRow::add(QWidget* widget, bool stretches)
{
    widget->setParent(this);
    m_items.push_back({widget, stretches});
    arrange();
}

QSize WrapRow::sizeHint() const
{
    int width = 0;
    for (const Item& item : m_items)
        if (!item.widget->isHidden())
            width += std::max(item.least(), item.widget->sizeHint().width())
                + (width > 0 ? m_spacing : 0);
    return {width, m_height};
}

QSize WrapRow::minimumSizeHint() const
{
    int width = 0;
    for (const Item& item : m_items)
        if (!item.widget->isHidden())
            width = std::max(width, item.least());
    return {width, m_height};
}

bool WrapRow::event(QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest)
        arrange(); // one of them has another size now, or came or went
    return QWidget::event(event);
}

void WrapRow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

std::vector<WrapRow::Line> WrapRow::broken(std::size_t most) const
{
    std::vector<Line> lines;
    int x = 0;
    for (const Item& item : m_items) {
        if (item.widget->isHidden())
            continue;
        const int width = item.least();
        if (lines.empty() || x + m_spacing + width > this->width() || lines.back().size() == most) {
            lines.emplace_back();
            x = -m_spacing;
        }
        lines.back().push_back(item);
        x += m_spacing + width;
    }
    return lines;
}

std::vector<WrapRow::Line> WrapRow::lines() const
{
    std::vector<Line> lines = broken(m_items.size());
    if (!m_even || lines.size() < 2)
        return lines;
    std::size_t count = 0;
    for (const Line& line : lines)
        count += line.size();
    return broken((count + lines.size() - 1) / lines.size());
}

int WrapRow::placeLine(const Line& line, int y) const
{
    int left = width() - m_spacing * (static_cast<int>(line.size()) - 1), height = 0,
        stretching = 0;
    for (const Item& item : line) {
        left -= item.least();
        height = std::max(height, item.widget->sizeHint().height());
        stretching += item.stretches ? 1 : 0;
    }
    int x = 0;
    for (const Item& item : line) {
        int wide = item.least();
        if (item.stretches && left > 0) {
            const int more = left / stretching;
            wide = std::min(wide + more, item.widget->maximumWidth());
            left -= more;
            --stretching;
        }
        wide = std::min(wide, width()); // it may be cut, but nothing lies beside the row
        const int high = std::min(height, item.widget->sizeHint().height());
        item.widget->setGeometry(x, y + (height - high) / 2, wide, high);
        x += wide + m_spacing;
    }
    return height;
}

void WrapRow::arrange()
{
    int y = 0;
    for (const Line& line : lines()) {
        y += y > 0 ? m_spacing : 0;
        y += placeLine(line, y);
    }
    if (y == m_height)
        return;
    m_height = y;
    updateGeometry();
}

} // namespace coldframe::ui

#include "ui/widgets/stat_grid.h"

#include <algorithm>

#include "ui/widgets/stat_box.h"

namespace coldframe::ui {

namespace {
constexpr int kSpacing = 6;
}

StatGrid::StatGrid(QWidget* parent, int mostColumns)
    : QWidget(parent), m_grid(new QGridLayout(this)), m_most(mostColumns), m_columns(mostColumns)
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(kSpacing);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // figures give way to nothing
}

StatBox* StatGrid::add(const QString& caption)
{
    m_boxes.append(new StatBox(caption, this));
    arrange();
    return m_boxes.back();
}

void StatGrid::arrange()
{
    for (qsizetype i = 0; i < m_boxes.size(); ++i)
        m_grid->addWidget(m_boxes[i], static_cast<int>(i) / m_columns,
                          static_cast<int>(i) % m_columns);
    for (int column = 0; column < m_most; ++column)
        m_grid->setColumnStretch(column, column < m_columns ? 1 : 0);
}

void StatGrid::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fit();
}

void StatGrid::fit()
{
    int widest = 0;
    for (const StatBox* box : m_boxes)
        widest = std::max(widest, box->captionWidth());
    const int room = widest > 0 ? (width() + kSpacing) / (widest + kSpacing) : m_most;
    const int boxes = std::max(1, static_cast<int>(m_boxes.size()));
    const int rows = (boxes + std::clamp(room, 2, m_most) - 1) / std::clamp(room, 2, m_most);
    const int columns = std::clamp((boxes + rows - 1) / rows, 2, m_most); // rows of like length
    if (columns == m_columns)
        return;
    m_columns = columns;
    arrange();
}

} // namespace coldframe::ui

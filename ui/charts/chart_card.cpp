#include "ui/charts/chart_card.h"

#include <QHBoxLayout>

#include "ui/widgets/elided_label.h"

namespace coldframe::ui {

ChartCard::ChartCard(const QString& title, std::vector<LegendEntry> legend, QWidget* parent)
    : Card(parent), m_title(new ElidedLabel(title, this)), m_figure(new FigureLabel(this)),
      m_legendLabel(new QLabel(this)), m_legend(std::move(legend))
{
    m_title->setFont(uiFont(9.5, QFont::DemiBold));
    m_legendLabel->setTextFormat(Qt::RichText);
    m_legendLabel->setFont(uiFont(8.0));
    setAccessibleName(title);

    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title, 0, Qt::AlignBottom);
    head->addWidget(m_figure, 1, Qt::AlignBottom);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(11, 7, 10, 5);
    column->setSpacing(1);
    column->addLayout(head);
    column->addWidget(m_legendLabel);
}

void ChartCard::setBody(QWidget* body)
{
    static_cast<QVBoxLayout*>(layout())->addWidget(body, 1);
}

void ChartCard::setTitle(const QString& title)
{
    if (title == m_title->text())
        return;
    m_title->setText(title);
    setAccessibleName(title);
}

QString ChartCard::title() const
{
    return m_title->text();
}

void ChartCard::setFigure(const QString& figure, const QString& of)
{
    if (figure == m_figure->figure() && of == m_figure->of())
        return;
    m_figure->setText(figure, of);
    setAccessibleDescription(figure + QLatin1Char(' ') + of);
}

void ChartCard::setOrigin(const QString& origin)
{
    m_title->setToolTip(origin);
    m_figure->setToolTip(origin);
    m_legendLabel->setToolTip(origin);
}

void ChartCard::setLegend(std::vector<LegendEntry> legend)
{
    m_legend = std::move(legend);
    m_legendLabel->setWordWrap(true); // names may be many
    showLegend();
}

void ChartCard::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_figure->setTheme(theme);
    showLegend();
}

void ChartCard::showLegend()
{
    QString text;
    for (const LegendEntry& entry : m_legend)
        text += QStringLiteral("<span style='color:%1'>%2</span>&nbsp;%3&nbsp;&nbsp; ")
                    .arg((*m_theme.*entry.role).name(),
                         entry.dashed ? QStringLiteral("╌") : QStringLiteral("●"),
                         entry.text.toHtmlEscaped().replace(QLatin1Char(' '),
                                                            QStringLiteral("&nbsp;")));
    m_legendLabel->setText(
        QStringLiteral("<span style='color:%1'>%2</span>").arg(m_theme->dim.name(), text));
}

} // namespace coldframe::ui

#include "ui/charts/chart_card.h"

#include <QHBoxLayout>

namespace coldframe::ui {

ChartCard::ChartCard(const QString& title, std::vector<LegendEntry> legend, QWidget* parent)
    : Card(parent), m_title(new QLabel(title, this)), m_figure(new QLabel(this)),
      m_legendLabel(new QLabel(this)), m_legend(std::move(legend))
{
    m_title->setFont(uiFont(9.5, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    m_figure->setTextFormat(Qt::RichText);
    m_legendLabel->setTextFormat(Qt::RichText);
    m_legendLabel->setFont(uiFont(8.0));
    setAccessibleName(title);

    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1, Qt::AlignBottom);
    head->addWidget(m_figure, 0, Qt::AlignBottom);
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

void ChartCard::setFigure(const QString& figure, const QString& of)
{
    if (figure == m_figureText && of == m_ofText)
        return;
    m_figureText = figure;
    m_ofText = of;
    setAccessibleDescription(figure + QLatin1Char(' ') + of);
    renderFigure();
}

void ChartCard::setOrigin(const QString& origin)
{
    m_title->setToolTip(origin);
    m_figure->setToolTip(origin);
    m_legendLabel->setToolTip(origin);
}

void ChartCard::setTheme(const Theme& theme)
{
    m_theme = &theme;
    QString text;
    for (const LegendEntry& entry : m_legend)
        text += QStringLiteral("<span style='color:%1'>●</span>&nbsp;%2&nbsp;&nbsp; ")
                    .arg((theme.*entry.role).name(), entry.text.toHtmlEscaped());
    m_legendLabel->setText(
        QStringLiteral("<span style='color:%1'>%2</span>").arg(theme.dim.name(), text));
    renderFigure();
}

void ChartCard::renderFigure()
{
    m_figure->setText(
        QStringLiteral("<span style='font-size:12.5pt; font-weight:600'>%1</span> "
                       "<span style='color:%2'>%3</span>")
            .arg(m_figureText.toHtmlEscaped(), m_theme->dim.name(), m_ofText.toHtmlEscaped()));
}

} // namespace coldframe::ui

#include "ui/charts/study_card.h"

#include "ui/charts/study_chart.h"

namespace coldframe::ui {

StudyCard::StudyCard(const QString& title, QWidget* parent)
    : ChartCard(title, {}, parent), m_chart(new StudyChart(this))
{
    setBody(m_chart);
    setChartName(title);
}

void StudyCard::show(Quantity quantity, StudyAxis axis, std::vector<StudyLine> lines)
{
    m_chart->show(quantity, std::move(axis), std::move(lines));
    std::vector<LegendEntry> legend;
    for (const StudyLine& line : m_chart->lines())
        legend.push_back({line.name, line.role, line.kept});
    setLegend(std::move(legend));
    QStringList names;
    for (const StudyLine& line : m_chart->lines())
        names << line.name;
    m_chart->setAccessibleDescription(names.join(QStringLiteral(", ")));
}

void StudyCard::setChartName(const QString& name)
{
    m_chart->setAccessibleName(name);
}

void StudyCard::addTool(QWidget* tool)
{
    static_cast<QVBoxLayout*>(layout())->itemAt(0)->layout()->addWidget(tool);
}

void StudyCard::setTheme(const Theme& theme)
{
    ChartCard::setTheme(theme);
    m_chart->setTheme(theme);
}

} // namespace coldframe::ui

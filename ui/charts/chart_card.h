#pragma once

#include <vector>

#include "ui/charts/figure_label.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

class ElidedLabel;

/// A card of the live column: title, figure of the moment, legend, and below them the drawing.
class ChartCard : public Card {
    Q_OBJECT
public:
    struct LegendEntry {
        QString text;
        QColor Theme::*role;
        bool dashed = false; ///< of a line drawn so
    };

    ChartCard(const QString& title, std::vector<LegendEntry> legend, QWidget* parent = nullptr);

    /// Takes the drawing and gives it all the room that is left.
    void setBody(QWidget* body);
    void setTitle(const QString& title);
    void setLegend(std::vector<LegendEntry> legend);
    /// The figure of the moment, large, and what it is of, in the dim colour.
    void setFigure(const QString& figure, const QString& of);
    /// What the figures are and where they come from: measured, modelled or assumed.
    void setOrigin(const QString& origin);
    virtual void setTheme(const Theme& theme);

    QString title() const;
    QString figure() const { return m_figure->figure(); }
    QString figureOf() const { return m_figure->of(); }

private:
    void showLegend();

    ElidedLabel* m_title;
    FigureLabel* m_figure;
    QLabel* m_legendLabel;
    std::vector<LegendEntry> m_legend;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

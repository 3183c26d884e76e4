#pragma once

#include "ui/simulate/figures_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

class QPushButton;
class QStackedWidget;

namespace coldframe::ui {

class BackendsModel;
class QueuesModel;
class ResultCharts;
class ResultTable;
class StatBox;
class StatGrid;
class StudyHead;
class WrappedLabel;

/// The result of a scenario: figures at a glance, charts, the table, and where its numbers come
/// from. A kept result is shown beside the newer ones.
class ResultView : public Card {
    Q_OBJECT
public:
    explicit ResultView(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void setResult(ResultPtr result);
    void setProgress(double share);
    void setRunning(bool running);
    /// What became of the newest run, when it is not the result that is shown.
    void setState(Tone tone, const QString& words);
    void keep(bool on);
    bool isKept() const { return m_kept != nullptr; }
    bool hasResult() const { return m_result != nullptr; }
    /// Asks where to and writes the charts (PNG, SVG) or the figures (CSV).
    void exportResult();
    /// The same without asking; the ending says what: .png, .svg, .csv, or .series.csv. Returns
    /// why it could not.
    QString exportTo(const QString& path) const;
    FiguresModel* model() const { return m_model; }
    ResultTable* table() const { return m_table; }
    ResultCharts* charts() const { return m_charts; }
    BackendsModel* backendsModel() const { return m_backends; }
    ResultTable* backendsTable() const { return m_backendsTable; }
    ResultTable* queuesTable() const { return m_queuesTable; }
    QString state() const;
    QString origins() const;

Q_SIGNALS:
    void keptChanged(bool kept);

private:
    void buildHead();
    QWidget* buildEmpty();
    QWidget* buildResult();
    void showAll();
    void showPoint();
    void showTiles();
    void showOrigins();
    std::size_t point() const; ///< whose tiles and course are shown

    ResultPtr m_result, m_kept;
    FiguresModel* m_model;
    BackendsModel* m_backends;
    QueuesModel* m_queues;
    QStackedWidget* m_pages;
    StudyHead* m_head;
    QPushButton* m_keep;
    QPushButton* m_export;
    StatGrid* m_tiles = nullptr;
    QList<StatBox*> m_boxes;
    ResultCharts* m_charts = nullptr;
    ResultTable* m_table = nullptr;
    ResultTable *m_backendsTable = nullptr, *m_queuesTable = nullptr; ///< hidden while empty
    WrappedLabel* m_origins = nullptr;
    QString m_folder; ///< of the last export
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

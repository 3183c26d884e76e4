#pragma once

#include "ui/replay/replay_job.h"
#include "ui/simulate/study_page.h"
#include "ui/widgets/card.h"

class QComboBox;
class QPushButton;
class QStackedWidget;

namespace coldframe::ui {

class ReplayCharts;
class ReplayModel;
class ResultTable;
class StudyHead;
class WrappedLabel;

/// What came of a recording and of its replay: both runs over time, their figures side by side, and
/// where the times came from.
class ReplayView : public Card {
    Q_OBJECT
public:
    explicit ReplayView(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// The recording alone.
    void showRecorded(const StudyPtr& study);
    /// `changes`: the settings it was played with.
    void showPlayed(const StudyPtr& study, const PlayedPtr& run, const QString& changes);
    /// Why there is nothing to be seen.
    void showNothing(const QString& words, bool problem);
    StudyHead* head() const { return m_head; }
    bool hasResult() const { return m_comparison != nullptr; }
    bool isPlayed() const { return m_played; }
    void exportResult();
    /// The same without asking; the ending says what: .png, .svg, .csv, or .series.csv. Returns
    /// why it could not.
    QString exportTo(const QString& path) const;
    ReplayModel* model() const { return m_model; }
    ResultTable* table() const { return m_table; }
    ReplayCharts* charts() const { return m_charts; }
    QString origins() const;

private:
    QWidget* buildResult();
    void show(std::shared_ptr<const study::Comparison> comparison, bool played,
              const QString& origins);

    std::shared_ptr<const study::Comparison> m_comparison;
    bool m_played = false;
    ReplayModel* m_model;
    StudyHead* m_head;
    QPushButton* m_export;
    QStackedWidget* m_pages;
    WrappedLabel* m_nothing;
    ReplayCharts* m_charts = nullptr;
    QComboBox* m_function = nullptr;
    ResultTable* m_table = nullptr;
    WrappedLabel* m_origins = nullptr;
    QString m_folder; ///< of the last export
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

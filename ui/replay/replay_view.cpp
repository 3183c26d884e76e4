#include "ui/replay/replay_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyle>

#include "model/text_file.h"
#include "ui/charts/chart_export.h"
#include "ui/replay/replay_charts.h"
#include "ui/replay/replay_model.h"
#include "ui/replay/replay_text.h"
#include "ui/simulate/export_dialog.h"
#include "ui/simulate/result_table.h"
#include "ui/simulate/study_head.h"
#include "ui/support/format.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

ReplayView::ReplayView(QWidget* parent)
    : Card(parent), m_model(new ReplayModel(this)),
      m_head(new StudyHead(tr("Result · replayed"), tr("Progress of the replay"), this)),
      m_export(new QPushButton(tr("Export…"), this)), m_pages(new QStackedWidget(this)),
      m_nothing(new WrappedLabel(this))
{
    m_export->setToolTip(tr("Write the charts (PNG, SVG) or the figures (CSV) to a file (Ctrl+E)"));
    m_export->setEnabled(false);
    m_head->addButton(m_export);
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setContentsMargins(40, 0, 40, 0);
    m_pages->addWidget(m_nothing);
    m_pages->addWidget(buildResult());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(6);
    column->addWidget(m_head);
    column->addWidget(m_pages, 1);
    connect(m_export, &QPushButton::clicked, this, &ReplayView::exportResult);
}

QWidget* ReplayView::buildResult()
{
    auto* page = new QWidget(this);
    m_charts = new ReplayCharts(page);
    auto* below = new QWidget(page);
    m_function = new QComboBox(below);
    m_function->setAccessibleName(tr("Whose figures are shown"));
    m_function->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_table = new ResultTable(m_model, below);
    m_table->setAccessibleName(tr("Figures of both runs"));
    m_table->setMinimumHeight(m_table->fontMetrics().height() * 7);
    m_origins = new WrappedLabel(below);
    m_origins->setProperty("dim", true);
    m_origins->setFont(uiFont(8.5));
    m_origins->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_origins->setAccessibleName(tr("Where the numbers come from"));
    auto* row = new QHBoxLayout;
    row->addWidget(dimLabel(tr("Figures of"), below));
    row->addWidget(m_function);
    row->addStretch(1);
    auto* inBelow = new QVBoxLayout(below);
    inBelow->setContentsMargins(0, 0, 0, 0);
    inBelow->setSpacing(6);
    inBelow->addLayout(row);
    inBelow->addWidget(m_table, 1);
    inBelow->addWidget(m_origins);
    auto* split = new QSplitter(Qt::Vertical, page);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(8);
    split->addWidget(m_charts);
    split->addWidget(below);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setSizes({450, 550}); // shares: the table has more to say
    auto* scroll = new QScrollArea(page); // in a small window
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(split);
    scroll->viewport()->setAutoFillBackground(false);
    split->setAutoFillBackground(false);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);
    connect(m_function, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_model->setFunction(index - 1); });
    return page;
}

void ReplayView::showNothing(const QString& words, bool problem)
{
    m_comparison = nullptr;
    m_played = false;
    m_nothing->setProperty("problem", problem);
    m_nothing->setProperty("dim", !problem);
    m_nothing->style()->unpolish(m_nothing);
    m_nothing->style()->polish(m_nothing);
    m_nothing->setText(words);
    m_pages->setCurrentIndex(0);
    m_export->setEnabled(false);
}

void ReplayView::showRecorded(const StudyPtr& study)
{
    show(std::make_shared<const study::Comparison>(study->figures()), false,
         tr("As it was recorded: counts are the engine's decisions; platform time is modelled from "
            "what was measured, as %1, as of %2.")
             .arg(text(study->platform().platform.title), text(study->platform().platform.asOf)));
}

void ReplayView::showPlayed(const StudyPtr& study, const PlayedPtr& run, const QString& changes)
{
    const QString changed
        = changes.isEmpty() ? tr("Nothing was changed.") : tr("Changed: %1.").arg(changes);
    // The run keeps its comparison alive.
    show(std::shared_ptr<const study::Comparison>(run, &run->comparison), true,
         tr("%1 %2 Recorded as %3, as of %4.")
             .arg(changed, originsText(run->comparison.total.origins),
                  text(study->platform().platform.title), text(study->platform().platform.asOf)));
}

void ReplayView::show(std::shared_ptr<const study::Comparison> comparison, bool played,
                      const QString& origins)
{
    m_comparison = std::move(comparison);
    m_played = played;
    m_charts->show(*m_comparison, played);
    m_model->setComparison(m_comparison, played);
    const auto& functions = m_comparison->functions;
    if (m_function->count() != static_cast<int>(functions.size()) + 1) {
        const QSignalBlocker quiet(m_function);
        m_function->clear();
        m_function->addItem(tr("All functions"));
        for (const study::ComparedFunction& function : functions)
            m_function->addItem(text(function.name));
        m_model->setFunction(-1);
    }
    m_origins->setText(origins);
    m_export->setEnabled(true);
    m_pages->setCurrentIndex(1);
}

QString ReplayView::origins() const
{
    return m_origins->text();
}

void ReplayView::exportResult()
{
    if (m_comparison)
        askAndExport(this, m_folder, QStringLiteral("replay.png"),
                     [this](const QString& path) { return exportTo(path); });
}

QString ReplayView::exportTo(const QString& path) const
{
    if (!m_comparison)
        return tr("There is nothing to export yet. Choose a recording first.");
    if (!path.endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive))
        return exportCards(m_charts->cards(), *m_theme, path);
    const bool series = path.endsWith(QStringLiteral(".series.csv"), Qt::CaseInsensitive);
    const Result<void> written
        = replaceFile(path.toStdString(),
                      series ? study::seriesToCsv(*m_comparison) : study::toCsv(*m_comparison));
    return written ? QString() : text(describe(written.error()));
}

void ReplayView::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_head->setTheme(theme);
    m_charts->setTheme(theme);
    m_table->setTheme(theme);
}

} // namespace coldframe::ui

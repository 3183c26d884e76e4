#include "ui/simulate/result_view.h"

#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>

#include "model/text_file.h"
#include "study/result_text.h"
#include "ui/charts/chart_export.h"
#include "ui/simulate/backends_model.h"
#include "ui/simulate/export_dialog.h"
#include "ui/simulate/figure_text.h"
#include "ui/simulate/queues_model.h"
#include "ui/simulate/result_charts.h"
#include "ui/simulate/result_table.h"
#include "ui/simulate/study_head.h"
#include "ui/support/format.h"
#include "ui/widgets/stat_box.h"
#include "ui/widgets/stat_grid.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

/// What is seen at a glance.
constexpr const char* kTiles[] = {"invocations",         "coldStartProbability",
                                  "rejectedProbability", "responseS/p50",
                                  "responseS/p99",       "instances",
                                  "peakInstances",       "costUsd"};

} // namespace

ResultView::ResultView(QWidget* parent)
    : Card(parent), m_model(new FiguresModel(this)), m_backends(new BackendsModel(this)),
      m_queues(new QueuesModel(this)), m_pages(new QStackedWidget(this)),
      m_head(new StudyHead(tr("Result · simulated"), tr("Progress of the simulation"), this)),
      m_keep(new QPushButton(this)), m_export(new QPushButton(tr("Export…"), this))
{
    m_pages->addWidget(buildEmpty());
    m_pages->addWidget(buildResult());
    buildHead();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(6);
    column->addWidget(m_head);
    column->addWidget(m_pages, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (m_result && isSweep(*m_result)) {
            showPoint();
        }
    });
    connect(m_charts, &ResultCharts::figureChosen, this, [this](const sim::Metric* figure) {
        const int row = m_table->currentIndex().row();
        m_model->setFigure(figure);
        m_table->setCurrentIndex(m_model->index(row, 0));
    });
    setState(Tone::Neutral, tr("Not run yet"));
    showAll();
}

void ResultView::buildHead()
{
    m_keep->setCheckable(true);
    m_keep->setToolTip(tr("Draw the next results over this one and show in the table how they "
                          "differ (Ctrl+K)"));
    m_export->setToolTip(tr("Write the charts (PNG, SVG) or the figures (CSV) to a file (Ctrl+E)"));
    connect(m_keep, &QPushButton::clicked, this, &ResultView::keep);
    connect(m_export, &QPushButton::clicked, this, &ResultView::exportResult);
    m_head->addButton(m_keep);
    m_head->addButton(m_export);
}

QWidget* ResultView::buildEmpty()
{
    auto* label = new WrappedLabel(this);
    label->setProperty("dim", true);
    label->setAlignment(Qt::AlignCenter);
    label->setContentsMargins(40, 0, 40, 0);
    label->setText(
        tr("<p>The scenario on the left says which functions are called how often, how long they "
           "run, and on which platform.</p><p><span style='font-weight:600'>Run</span> "
           "(Ctrl+Enter) plays it in virtual time: a "
           "day of thousands of calls takes a second. Here you will see cold starts, throttles, "
           "response times "
           "and cost, each with its confidence interval.</p><p>To compare settings, choose one "
           "under <span style='font-weight:600'>Sweep</span> and give its values, such as "
           "128,256,512.</p>"));
    return label;
}

QWidget* ResultView::buildResult()
{
    auto* page = new QWidget(this);
    m_tiles = new StatGrid(page, static_cast<int>(std::size(kTiles)));
    for (const char* key : kTiles)
        m_boxes.append(m_tiles->add(figureTitle(*sim::findMetric(key))));
    m_charts = new ResultCharts(page);
    m_table = new ResultTable(m_model, page);
    m_table->setMinimumHeight(m_table->fontMetrics().height() * 7);
    m_backendsTable = new ResultTable(m_backends, page);
    m_backendsTable->setAccessibleName(tr("Figures of the backends"));
    m_queuesTable = new ResultTable(m_queues, page);
    m_queuesTable->setAccessibleName(tr("Figures of the queues"));
    auto* tables = new QSplitter(Qt::Horizontal, page);
    tables->setChildrenCollapsible(false);
    tables->setHandleWidth(8);
    tables->addWidget(m_table);
    tables->addWidget(m_backendsTable);
    tables->addWidget(m_queuesTable);
    tables->setStretchFactor(0, 3);
    tables->setStretchFactor(1, 2);
    tables->setStretchFactor(2, 3);
    auto* split = new QSplitter(Qt::Vertical, page);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(8);
    split->addWidget(m_charts);
    split->addWidget(tables);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    m_origins = new WrappedLabel(page);
    m_origins->setProperty("dim", true);
    m_origins->setFont(uiFont(8.5));
    m_origins->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_origins->setAccessibleName(tr("Where the numbers come from"));
    auto* scroll = new QScrollArea(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(m_origins);
    scroll->viewport()->setAutoFillBackground(false);
    m_origins->setAutoFillBackground(false);
    scroll->setFixedHeight(QFontMetrics(uiFont(8.5)).lineSpacing() * 5);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_tiles);
    column->addWidget(split, 1);
    column->addWidget(scroll);
    auto* whole = new QScrollArea(this); // in a small window
    whole->setWidgetResizable(true);
    whole->setFrameShape(QFrame::NoFrame);
    whole->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    whole->setWidget(page);
    whole->viewport()->setAutoFillBackground(false);
    page->setAutoFillBackground(false);
    return whole;
}

std::size_t ResultView::point() const
{
    if (!m_result || !isSweep(*m_result))
        return 0;
    const int row = m_table->currentIndex().row();
    return row < 0 ? 0 : std::min(static_cast<std::size_t>(row), m_result->points.size() - 1);
}

void ResultView::setResult(ResultPtr result)
{
    const int row = m_table->currentIndex().row();
    m_result = std::move(result);
    m_model->setResult(m_result);
    if (m_result && isSweep(*m_result)) // the model shows the chart's figure
        m_model->setFigure(&m_charts->figure());
    m_pages->setCurrentIndex(m_result ? 1 : 0);
    if (m_result)
        m_table->setCurrentIndex(
            m_model->index(std::clamp(row, 0, std::max(0, m_model->rowCount() - 1)), 0));
    showAll();
}

void ResultView::showAll()
{
    m_keep->setEnabled(m_result || m_kept);
    m_keep->setChecked(m_kept != nullptr);
    m_head->setButtonText(m_keep, m_kept ? tr("Kept · stop comparing") : tr("Keep for comparison"),
                          m_kept ? tr("Kept") : tr("Keep"));
    m_export->setEnabled(m_result != nullptr);
    if (!m_result)
        return;
    showOrigins();
    showPoint();
}

/// What is of the chosen point alone.
void ResultView::showPoint()
{
    showTiles();
    m_backends->setPoint(m_result, m_kept, point());
    m_backendsTable->setVisible(m_backends->rowCount() > 0);
    m_queues->setPoint(m_result, m_kept, point());
    m_queuesTable->setVisible(m_queues->rowCount() > 0);
    m_charts->show(m_result, m_kept, point());
}

void ResultView::showTiles()
{
    const study::PointResult& shown = m_result->points.at(point());
    for (qsizetype i = 0; i < m_boxes.size(); ++i) {
        const sim::Metric& metric = *sim::findMetric(kTiles[i]);
        const FigureParts parts = figureParts(metric, shown.total.figure(metric.key));
        const QString title = figureTitle(metric);
        m_boxes[i]->setCaption(parts.half.isEmpty() ? title : tr("%1 ± %2").arg(title, parts.half));
        m_boxes[i]->setValue(parts.value);
    }
    m_tiles->fit();
}

void ResultView::showOrigins()
{
    QStringList lines;
    for (const study::OriginNote& note : m_result->origins)
        lines << tr("<span style='font-weight:600'>%1</span> · %2: %3")
                     .arg(text(note.origin).toHtmlEscaped(), text(note.what).toHtmlEscaped(),
                          text(note.detail).toHtmlEscaped());
    std::uint64_t kernel = 0, engine = 0;
    for (const study::PointResult& each : m_result->points) {
        kernel += each.byKernel;
        engine += each.byEngine;
    }
    lines << tr("%1 · seed %2 · runs: %3 · %4 invocations simulated in %5")
                 .arg(text(m_result->platform).toHtmlEscaped(), countText(m_result->seed),
                      countText(m_result->replications), countText(kernel + engine),
                      tr("%1 s").arg(QLocale().toString(m_result->tookS, 'f', 2)));
    m_origins->setText(lines.join(QStringLiteral("<br>")));
}

QString ResultView::origins() const
{
    return m_origins->text();
}

void ResultView::setProgress(double share)
{
    m_head->setProgress(share);
    setState(Tone::Accent, tr("Running · %1 %").arg(QLocale().toString(share * 100, 'f', 0)));
}

void ResultView::setRunning(bool running)
{
    m_head->setRunning(running);
}

void ResultView::setState(Tone tone, const QString& words)
{
    m_head->setState(tone, words);
}

QString ResultView::state() const
{
    return m_head->state();
}

void ResultView::keep(bool on)
{
    const int row = m_table->currentIndex().row();
    m_kept = on ? m_result : nullptr;
    m_model->setKept(m_kept);
    if (m_result)
        m_table->setCurrentIndex(m_model->index(row, 0));
    showAll();
    Q_EMIT keptChanged(m_kept != nullptr);
}

void ResultView::exportResult()
{
    if (m_result)
        askAndExport(this, m_folder, QStringLiteral("simulation.png"),
                     [this](const QString& path) { return exportTo(path); });
}

QString ResultView::exportTo(const QString& path) const
{
    if (!m_result)
        return tr("There is no result to export yet. Run the simulation first.");
    if (!path.endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive))
        return exportCards(m_charts->cards(), *m_theme, path);
    const std::string csv = path.endsWith(QStringLiteral(".series.csv"), Qt::CaseInsensitive)
        ? study::seriesToCsv(m_result->points.at(point()))
        : study::toCsv(*m_result);
    const Result<void> written = replaceFile(path.toStdString(), csv);
    return written ? QString() : text(describe(written.error()));
}

void ResultView::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_head->setTheme(theme);
    m_charts->setTheme(theme);
    m_table->setTheme(theme);
    m_backendsTable->setTheme(theme);
    m_queuesTable->setTheme(theme);
}

} // namespace coldframe::ui

#include "ui/dialogs/trigger_dialog.h"

#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTimeZone>

#include "model/json_edit.h"
#include "session/schedule_preview.h"
#include "ui/support/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kTimesShown = 5;

} // namespace

TriggerDialog::TriggerDialog(std::string name, session::WorkspaceEditor editor,
                             std::string fileText, QWidget* parent)
    : EntryDialog(EntryKind::Trigger, std::move(name), std::move(editor), std::move(fileText),
                  parent)
{
    addPart(kWhich, tr("Which of them"));
    addPart(kEventPart, tr("Event"));
    addPart(kBatches, tr("Batches"));
    addPart(kFailures, tr("When a batch fails"));
    m_kind = addChoice(tr("&Kind"), "kind");
    m_kind->addItem(tr("file: a file appears in a store"), quoted(QStringLiteral("file")));
    m_kind->addItem(tr("queue: messages in a queue"), quoted(QStringLiteral("queue")));
    m_kind->addItem(tr("schedule: at times"), quoted(QStringLiteral("schedule")));
    m_kind->addItem(tr("http: a request to a port here"), quoted(QStringLiteral("http")));
    m_kind->addItem(tr("stream: lines of a growing file"), quoted(QStringLiteral("stream")));
    m_kind->addItem(tr("changes: rows of a table change"), quoted(QStringLiteral("changes")));
    m_kind->addItem(tr("manual: by hand"), quoted(QStringLiteral("manual")));
    if (!adds()) {
        chooseOf(*m_kind, textOf("kind"));
        m_kind->setEnabled(false); // each kind has keys of its own; another kind is another trigger
    }
    m_store = addChoice(tr("S&tore"), "store");
    addText(tr("&Table"), "table", IfEmpty::Keep)->setPlaceholderText(QStringLiteral("orders"));
    addStream();
    addBatches();
    setPart(kWhich);
    addText(tr("&Prefix"), "prefix", IfEmpty::LeaveOut)->setPlaceholderText(tr("any"));
    addText(tr("Su&ffix"), "suffix", IfEmpty::LeaveOut)
        ->setPlaceholderText(tr("any, such as .json"));
    addText(tr("&Glob"), "glob", IfEmpty::LeaveOut)
        ->setPlaceholderText(tr("any, such as **/*.csv of the whole key"));
    addFileRest();
    setPart(0);
    addSchedule();
    addHttp();
    setPart(kEventPart);
    m_event = addJson(tr("E&vent (JSON)"), "event", 4);
    setPart(kWhich);
    m_filter = addJson(tr("Fi&lter (JSON)"), "filter", 3);
    m_filter->setPlaceholderText(tr("empty: all events; or {\"field\": [\"value\"]}"));
    setPart(0);
    addNames(tr("F&unction"), "function", "functions");
    addDefaulted(tr("Ena&bled"), "enabled",
                 {{"true", tr("yes")}, {"false", tr("no: it stays stopped when triggers run")}});
    connect(m_kind, &QComboBox::currentIndexChanged, this, &TriggerDialog::kindChanged);
    kindChanged();
    start();
}

bool TriggerDialog::is(const char* kind) const
{
    return m_kind->currentData().toString() == quoted(QLatin1String(kind));
}

void TriggerDialog::addNames(const QString& label, const std::string& key, const char* section)
{
    QComboBox* box = addChoice(label, key);
    for (const QString& name : namesIn(section))
        box->addItem(name, quoted(name));
    if (const std::string chosen = textOf(key); !chosen.empty())
        chooseOf(*box, chosen);
}

void TriggerDialog::addSchedule()
{
    m_expression = new QLineEdit(text(textOf("expression")), this);
    m_expression->setPlaceholderText(
        tr("rate(5 minutes), cron(0 2 * * ? *) or at(2026-12-24T18:00:00)"));
    connect(m_expression, &QLineEdit::textChanged, this, [this] { touched(m_expression); });
    m_next = dimLabel(QString(), this);
    m_next->setObjectName(QStringLiteral("next"));
    m_next->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* both = new QWidget(this);
    auto* column = new QVBoxLayout(both);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_expression);
    column->addWidget(m_next);
    addField(tr("&Expression"), both, m_expression, "expression",
             [this]() -> Value { return quotedJson(m_expression->text().toStdString()); });
    m_timezone = addText(tr("Time &zone"), "timezone", IfEmpty::LeaveOut);
    m_timezone->setPlaceholderText(QStringLiteral("UTC"));
    QStringList zones;
    for (const QByteArray& zone : QTimeZone::availableTimeZoneIds())
        zones << QString::fromUtf8(zone);
    auto* completer = new QCompleter(zones, m_timezone);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    m_timezone->setCompleter(completer);
    m_startsAt = addText(tr("&Not before"), "startsAt", IfEmpty::LeaveOut);
    m_startsAt->setPlaceholderText(tr("such as 2026-12-01T00:00:00, or with a Z for UTC"));
    m_endsAt = addText(tr("Not a&fter"), "endsAt", IfEmpty::LeaveOut);
    m_endsAt->setPlaceholderText(tr("goes on"));
    m_window = addNumber(tr("Flexible &window"), "flexibleWindowMinutes", tr("off"), tr("min"));
    addDefaulted(
        tr("&Missed times"), "onMissed",
        {{"\"skip\"", tr("skip them")}, {"\"fire-once\"", tr("fire once for all of them")}});
}

void TriggerDialog::kindChanged()
{
    fillStores();
    fillShapes();
    fillEvents();
    nameBegins();
    const bool file = is("file"), schedule = is("schedule"), changes = is("changes");
    const bool stream = is("stream"), shard = stream || changes;
    setUsed("store", file || changes || is("queue"));
    setUsed("table", changes);
    setUsed("shape", file || shard);
    setUsed("events", file || changes);
    for (const char* key : {"prefix", "suffix", "glob", "recursive", "catchUp", "settleMs"})
        setUsed(key, file);
    for (const char* key :
         {"expression", "timezone", "startsAt", "endsAt", "flexibleWindowMinutes", "onMissed"})
        setUsed(key, schedule);
    for (const char* key : {"route", "port", "payload", "timeoutMs"})
        setUsed(key, is("http"));
    for (const char* key : {"path", "format", "partitionKey"})
        setUsed(key, stream);
    for (const char* key :
         {"startingPosition", "maximumRetryAttempts", "maximumRecordAgeS",
          "bisectBatchOnFunctionError", "parallelizationFactor", "tumblingWindowS"})
        setUsed(key, shard);
    for (const char* key : {"batchSize", "batchWindowS", "reportBatchItemFailures"})
        setUsed(key, shard || is("queue"));
    setUsed("maximumConcurrency", is("queue"));
    m_batchSize->setPlaceholderText(shard ? QStringLiteral("100") : QStringLiteral("10"));
    setUsed("event", schedule || is("manual"));
    // Where core takes none, one that is in the file is shown, and told to be wrong.
    setUsed("filter", !is("http") || valueOf("filter").has_value());
    m_event->setPlaceholderText(schedule ? tr("empty: the platform's Scheduled Event")
                                         : tr("empty: none"));
    touched(m_kind); // once more: what is used has changed since
}

/// While something else is still wrong, core does not come to look at the schedule.
void TriggerDialog::checkMore()
{
    m_next->hide();
    const QString expression = m_expression->text();
    if (!is("schedule") || expression.isEmpty())
        return;
    ScheduleTrigger schedule;
    schedule.expression = expression.toStdString();
    if (!m_timezone->text().isEmpty())
        schedule.timezone = m_timezone->text().toStdString();
    schedule.startsAt = m_startsAt->text().toStdString();
    schedule.endsAt = m_endsAt->text().toStdString();
    schedule.flexibleWindowMinutes = m_window->text().toInt();
    const TimePoint now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const Result<session::SchedulePreview> preview
        = session::previewSchedule(schedule, newName(), seed(), now, kTimesShown);
    if (!preview) {
        const std::string key = preview.error().pointer.substr(1);
        if (!hasProblem(key))
            showProblem(key,
                        text(preview.error().message) + QStringLiteral(" — ")
                            + text(preview.error().hint));
        return;
    }
    QStringList lines{text(preview->words)};
    for (const TimePoint at : preview->next)
        lines << QStringLiteral("%1   %2").arg(dayText(at), untilText(at - now));
    if (preview->next.empty())
        lines << tr("It never fires again.");
    else
        lines.front() += tr("; next, by the clock here:");
    m_next->setText(lines.join(QLatin1Char('\n')));
    m_next->show();
}

} // namespace coldframe::ui

#include "ui/dialogs/trigger_dialog.h"

#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTimeZone>

#include "model/json_edit.h"
#include "session/schedule_preview.h"
#include "ui/editor/json_format.h"
#include "ui/support/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kTimesShown = 5;

QString quoted(const QString& word)
{
    return text(quotedJson(word.toStdString()));
}

/// Chooses the item of what is in the file; what is not offered is shown and told to be wrong.
void chooseOf(QComboBox& box, const std::string& word)
{
    const QString json = quoted(text(word));
    if (box.findData(json) < 0)
        box.addItem(text(word), json);
    box.setCurrentIndex(box.findData(json));
}

} // namespace

TriggerDialog::TriggerDialog(std::string name, session::WorkspaceEditor editor,
                             std::string fileText, QWidget* parent)
    : EntryDialog(EntryKind::Trigger, std::move(name), std::move(editor), std::move(fileText),
                  parent)
{
    m_kind = addChoice(tr("&Kind"), "kind");
    m_kind->addItem(tr("file: a file appears in a store"), quoted(QStringLiteral("file")));
    m_kind->addItem(tr("schedule: at times"), quoted(QStringLiteral("schedule")));
    m_kind->addItem(tr("http: a request to a port here"), quoted(QStringLiteral("http")));
    m_kind->addItem(tr("manual: by hand"), quoted(QStringLiteral("manual")));
    if (!adds()) {
        chooseOf(*m_kind, textOf("kind"));
        m_kind->setEnabled(false); // each kind has keys of its own; another kind is another trigger
    }
    addNames(tr("S&tore"), "store", "stores");
    addText(tr("&Prefix"), "prefix", IfEmpty::LeaveOut)->setPlaceholderText(tr("any"));
    addText(tr("Su&ffix"), "suffix", IfEmpty::LeaveOut)
        ->setPlaceholderText(tr("any, such as .json"));
    addShape();
    addNumber(tr("Settle after"), "settleMs", QStringLiteral("0"), tr("ms"));
    addSchedule();
    addDefaulted(
        tr("&Missed times"), "onMissed",
        {{"\"skip\"", tr("skip them")}, {"\"fire-once\"", tr("fire once for all of them")}});
    addHttp();
    addEvent();
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

/// A choice whose first item is the default, which a new entry need not name.
void TriggerDialog::addDefaulted(const QString& label, const std::string& key,
                                 const QList<std::pair<const char*, QString>>& items)
{
    QComboBox* box = addChoice(label, key);
    for (const auto& [json, what] : items)
        box->addItem(what, QLatin1String(json));
    const std::optional<JsonValue> inFile = valueOf(key);
    if (!inFile) {
        box->setItemData(0, QString());
        return;
    }
    const QString json = text(inFile->compact());
    if (box->findData(json) < 0)
        box->addItem(json, json); // what is wrong with it is told
    box->setCurrentIndex(box->findData(json));
}

void TriggerDialog::addShape()
{
    QComboBox* box = addChoice(tr("Event &shape"), "shape");
    const std::pair<const char*, QString> shapes[]
        = {{"s3", tr("s3: the notification of S3")},
           {"eventbridge", tr("eventbridge: the event of EventBridge")},
           {"cloudevents", tr("cloudevents: a CloudEvent")},
           {"content", tr("content: the JSON in the file")},
           {"body", tr("body: the file as the body of a request")}};
    for (const auto& [word, what] : shapes)
        box->addItem(what, quoted(QLatin1String(word)));
    if (const std::string chosen = textOf("shape"); !chosen.empty())
        chooseOf(*box, chosen);
    addDefaulted(tr("&Changes"), "events",
                 {{R"(["created"])", tr("new and changed files")},
                  {R"(["removed"])", tr("removed files")},
                  {R"(["created","removed"])", tr("both")}});
}

void TriggerDialog::addSchedule()
{
    m_expression = new QLineEdit(text(textOf("expression")), this);
    m_expression->setPlaceholderText(tr("rate(5 minutes) or cron(0 2 * * ? *)"));
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
}

void TriggerDialog::addHttp()
{
    addText(tr("&Route"), "route", IfEmpty::LeaveOut)
        ->setPlaceholderText(tr("all requests, or such as POST /orders/{id}"));
    addNumber(tr("P&ort"), "port", tr("any free one"), QString());
    addDefaulted(
        tr("Pay&load format"), "payload",
        {{R"("2.0")", tr("2.0: HTTP APIs and function URLs")}, {R"("1.0")", tr("1.0: REST APIs")}});
    addNumber(tr("Answer &within"), "timeoutMs", QStringLiteral("30000"), tr("ms"));
}

void TriggerDialog::addEvent()
{
    m_event = new QPlainTextEdit(this);
    m_event->setProperty("field", true);
    m_event->setFont(codeFont());
    m_event->setTabChangesFocus(true);
    m_event->setFixedHeight(96);
    if (const std::optional<JsonValue> inFile = valueOf("event"))
        if (const Result<JsonText> json = parseJson(std::string(inFile->raw()), {}))
            m_event->setPlainText(text(formatJson(*json)).trimmed());
    connect(m_event, &QPlainTextEdit::textChanged, this, [this] { touched(m_event); });
    addField(tr("E&vent (JSON)"), m_event, m_event, "event", [this]() -> Value {
        const QString typed = m_event->toPlainText().trimmed();
        return typed.isEmpty() ? Value() : Value(typed.toStdString());
    });
}

void TriggerDialog::kindChanged()
{
    for (const char* key : {"store", "prefix", "suffix", "shape", "events", "settleMs"})
        setUsed(key, is("file"));
    for (const char* key : {"expression", "timezone", "onMissed"})
        setUsed(key, is("schedule"));
    for (const char* key : {"route", "port", "payload", "timeoutMs"})
        setUsed(key, is("http"));
    setUsed("event", is("schedule") || is("manual"));
    m_event->setPlaceholderText(is("schedule") ? tr("empty: the platform's Scheduled Event")
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
    const std::string zone = m_timezone->text().toStdString();
    const TimePoint now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const Result<session::SchedulePreview> preview = session::previewSchedule(
        expression.toStdString(), zone.empty() ? "UTC" : zone, now, kTimesShown);
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

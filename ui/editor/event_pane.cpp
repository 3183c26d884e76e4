#include "ui/editor/event_pane.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QTimer>

#include "model/json_text.h"
#include "ui/editor/event_catalog.h"
#include "ui/editor/json_format.h"
#include "ui/shell/settings.h"
#include "ui/support/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/json_view.h"

namespace coldframe::ui {

namespace {

constexpr int kCheckAfterMs = 150;

} // namespace

EventPane::EventPane(QString resourceFolder, QWidget* parent)
    : Card(parent), m_resources(std::move(resourceFolder)), m_checkLater(new QTimer(this)),
      m_theme(&Theme::lightTheme())
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 8, 8, 8);
    column->setSpacing(6);
    buildHeader(column);
    m_message = new QLabel(this);
    m_message->setContentsMargins(11, 0, 4, 0);
    m_message->setWordWrap(true);
    m_message->hide();
    column->addStretch(1);
    column->addWidget(m_message);
    m_checkLater->setSingleShot(true);
    m_checkLater->setInterval(kCheckAfterMs);
    connect(m_checkLater, &QTimer::timeout, this, &EventPane::check);
}

void EventPane::buildHeader(QVBoxLayout* column)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 0, 0, 0);
    auto* title = new QLabel(tr("Event"), this);
    title->setFont(uiFont(9.5, QFont::DemiBold));
    m_events = new QComboBox(this);
    m_events->setAccessibleName(tr("Test events and templates"));
    m_events->setToolTip(
        tr("Start from a test event or a template. {{now}}, {{uuid}} and {{counter}} in an event "
           "are filled in with each sending."));
    m_events->setMinimumContentsLength(8);
    m_events->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(m_events, &QComboBox::activated, this, &EventPane::chosen);
    m_save = new QPushButton(tr("Save…"), this);
    m_save->setToolTip(tr("Keep this event as a test event of the workspace"));
    connect(m_save, &QPushButton::clicked, this, &EventPane::saveAsTestEvent);
    m_format = new QPushButton(tr("Format"), this);
    m_format->setToolTip(tr("Indent the JSON; values stay as typed"));
    connect(m_format, &QPushButton::clicked, this, &EventPane::format);
    row->addWidget(title);
    row->addWidget(m_events, 1); // names get what room there is
    row->addWidget(m_save);
    row->addWidget(m_format);
    column->addLayout(row);
}

JsonView* EventPane::editor()
{
    if (m_editor)
        return m_editor;
    m_editor = new JsonView(this);
    m_editor->setTheme(*m_theme);
    m_editor->setName(tr("Event, JSON"));
    auto* column = static_cast<QVBoxLayout*>(layout());
    delete column->takeAt(1); // the stretch that held its place
    column->insertWidget(1, m_editor, 1);
    setTabOrder(m_format, m_editor); // it was made later than what comes behind it
    connect(m_editor, &JsonView::textChanged, m_checkLater, qOverload<>(&QTimer::start));
    setFocusProxy(m_editor);
    return m_editor;
}

void EventPane::setTheme(const Theme& theme)
{
    m_theme = &theme;
    if (m_editor)
        m_editor->setTheme(theme);
    QPalette palette = m_message->palette();
    palette.setColor(QPalette::WindowText, theme.bad);
    m_message->setPalette(palette);
}

void EventPane::setWorkspace(const QString& folder)
{
    storeDrafts();
    m_workspace = folder;
    m_function.clear();
    m_drafts = Settings().drafts(folder);
    refreshEvents();
}

void EventPane::setFunction(const QString& name)
{
    if (name == m_function)
        return;
    if (!m_function.isEmpty())
        m_drafts.insert(m_function, eventText());
    m_function = name;
    m_events->setCurrentIndex(0);
    if (m_drafts.contains(name))
        setEventText(m_drafts.value(name));
    else
        startWithFirstEvent();
}

/// What a function starts with that has no draft yet.
void EventPane::startWithFirstEvent()
{
    const QList<EventEntry> entries = testEvents(m_workspace);
    QString text = QStringLiteral("{\n}\n"), problem;
    if (const EventEntry* entry = firstEventFor(entries, m_function);
        entry && readEvent(entry->path, text, problem))
        m_events->setCurrentIndex(qMax(0, m_events->findData(entry->path)));
    setEventText(text);
}

QString EventPane::eventText() const
{
    return m_editor ? m_editor->text() : QString();
}

void EventPane::setEventText(const QString& text)
{
    editor()->setText(text);
    m_checkLater->stop();
    check();
}

void EventPane::replaceEvent(const QString& text)
{
    const auto parsed = parseJson(text.toStdString(), std::string());
    editor()->replaceText(parsed ? QString::fromStdString(formatJson(*parsed)) : text);
    m_events->setCurrentIndex(0);
    m_checkLater->stop();
    check();
}

void EventPane::refreshEvents()
{
    const QSignalBlocker quiet(m_events);
    m_events->clear();
    m_events->addItem(tr("Choose an event"));
    const auto section = [this](const QString& title, const QList<EventEntry>& entries) {
        if (entries.isEmpty())
            return;
        m_events->addItem(title);
        auto* model = static_cast<QStandardItemModel*>(m_events->model());
        model->item(m_events->count() - 1)->setEnabled(false);
        for (const EventEntry& entry : entries)
            m_events->addItem(entry.title, entry.path);
    };
    section(tr("Test events"), testEvents(m_workspace));
    section(tr("Templates"), eventTemplates(m_resources));
    m_events->setCurrentIndex(0);
}

void EventPane::chosen(int row)
{
    const QString path = m_events->itemData(row).toString();
    if (!path.isEmpty())
        loadEvent(path);
}

void EventPane::loadEvent(const QString& path)
{
    QString text, problem;
    if (!readEvent(path, text, problem)) {
        QMessageBox::warning(this, tr("Event"), problem);
        return;
    }
    editor()->replaceText(text); // what was there can be brought back
    m_checkLater->stop();
    check();
    const int row = m_events->findData(path);
    if (row >= 0)
        m_events->setCurrentIndex(row);
}

void EventPane::check()
{
    const bool wasValid = isValid();
    const auto parsed = parseJson(eventText().toStdString(), std::string());
    if (parsed) {
        m_problem.clear();
        editor()->clearProblem();
    } else {
        const Error& error = parsed.error();
        m_problem = tr("Line %1, column %2: %3")
                        .arg(error.line)
                        .arg(error.column)
                        .arg(ui::text(error.message));
        editor()->markProblem(error.line, error.column, m_problem);
    }
    m_message->setText(m_problem);
    m_message->setVisible(!m_problem.isEmpty());
    m_format->setEnabled(isValid());
    if (wasValid != isValid())
        Q_EMIT validityChanged(isValid());
}

void EventPane::format()
{
    const auto parsed = parseJson(eventText().toStdString(), std::string());
    if (!parsed)
        return;
    editor()->replaceText(QString::fromStdString(formatJson(*parsed)));
}

void EventPane::saveAsTestEvent()
{
    bool accepted = false;
    const QString name
        = QInputDialog::getText(this, tr("Save as test event"), tr("Name of the test event:"),
                                QLineEdit::Normal, m_function + QStringLiteral(".json"), &accepted);
    if (!accepted || name.trimmed().isEmpty())
        return;
    QString problem;
    if (!saveTestEvent(m_workspace, name, eventText(), problem)) {
        QMessageBox::warning(this, tr("Save as test event"), problem);
        return;
    }
    refreshEvents();
    m_events->setCurrentText(
        name.endsWith(QStringLiteral(".json")) ? name : name + QStringLiteral(".json"));
    Q_EMIT testEventsChanged();
}

void EventPane::storeDrafts()
{
    if (m_workspace.isEmpty())
        return;
    if (!m_function.isEmpty())
        m_drafts.insert(m_function, eventText());
    Settings().setDrafts(m_workspace, m_drafts);
}

void EventPane::focusEditor()
{
    editor()->setFocus(Qt::OtherFocusReason);
}

} // namespace coldframe::ui

#include "ui/editor/event_pane.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTimer>

#include <tuple>

#include "model/json_text.h"
#include "ui/editor/event_catalog.h"
#include "ui/editor/event_chooser.h"
#include "ui/editor/event_completer.h"
#include "ui/editor/json_format.h"
#include "ui/shell/settings.h"
#include "ui/support/format.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/wrapped_label.h"

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
    m_note = new WrappedLabel(this);
    m_note->setProperty("dim", true);
    m_note->setContentsMargins(11, 0, 4, 0);
    m_note->hide();
    column->addWidget(m_note);
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
    m_events = new EventChooser(this);
    m_events->setAccessibleName(tr("Test events and templates"));
    m_events->setToolTip(
        tr("Start from a test event or a template. {{now}}, {{uuid}} and {{counter}} in an event "
           "are filled in with each sending."));
    m_events->setMinimumContentsLength(6);
    m_events->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(m_events, &EventChooser::fileChosen, this, &EventPane::loadEvent);
    connect(m_events, &EventChooser::eventMade, this, &EventPane::putIn);
    connect(m_events, &EventChooser::failed, this,
            [this](const QString& why) { QMessageBox::warning(this, tr("Event"), why); });
    m_title = title;
    m_save = new QPushButton(tr("Save…"), this);
    m_save->setAccessibleName(tr("Save as test event"));
    m_save->setToolTip(tr("Keep this event as a test event of the workspace"));
    connect(m_save, &QPushButton::clicked, this, &EventPane::saveAsTestEvent);
    m_format = new QPushButton(tr("Format"), this);
    m_format->setAccessibleName(tr("Format"));
    m_format->setToolTip(tr("Indent the JSON; values stay as typed"));
    connect(m_format, &QPushButton::clicked, this, &EventPane::format);
    row->addWidget(title);
    row->addWidget(m_events, 1); // names get what room there is
    row->addWidget(m_save);
    row->addWidget(m_format);
    column->addLayout(row);
}

int EventPane::narrowest() const
{
    constexpr int kButton = 46, kAround = 34; // with its icon alone; margins and gaps
    return m_events->minimumSizeHint().width() + 2 * kButton + kAround;
}

/// Buttons have their icons alone where their words do not fit beside the event's name.
void EventPane::fitHeader()
{
    const int words = fontMetrics().horizontalAdvance(tr("Save…") + tr("Format")) + 70;
    const int needed
        = m_title->sizeHint().width() + m_events->minimumSizeHint().width() + words + 40;
    const bool narrow = width() < needed;
    m_title->setVisible(!narrow);
    for (const auto& [button, word, icon] :
         {std::tuple{m_save, tr("Save…"), QStringLiteral("save")},
          {m_format, tr("Format"), QStringLiteral("format")}}) {
        button->setText(narrow ? QString() : word);
        button->setIcon(narrow ? strokeIcon(icon, m_theme->text) : QIcon());
    }
}

void EventPane::resizeEvent(QResizeEvent* event)
{
    Card::resizeEvent(event);
    fitHeader();
}

JsonView* EventPane::editor()
{
    if (m_editor)
        return m_editor;
    m_editor = new JsonView(this);
    m_editor->setTheme(*m_theme);
    m_editor->setName(tr("Event, JSON"));
    auto* column = static_cast<QVBoxLayout*>(layout());
    delete column->takeAt(2); // the stretch that held its place
    column->insertWidget(2, m_editor, 1);
    m_completer = new EventCompleter(m_editor, m_resources);
    m_completer->setTheme(*m_theme);
    m_completer->setFunction(m_model, m_workspace, m_function);
    setTabOrder(m_format, m_editor); // it was made later than what comes behind it
    connect(m_editor, &JsonView::textChanged, m_checkLater, qOverload<>(&QTimer::start));
    setFocusProxy(m_editor);
    return m_editor;
}

void EventPane::setTheme(const Theme& theme)
{
    m_theme = &theme;
    fitHeader();
    if (m_editor) {
        m_editor->setTheme(theme);
        m_completer->setTheme(theme);
    }
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

void EventPane::setModel(std::shared_ptr<const Workspace> workspace)
{
    m_model = std::move(workspace);
    const QString chosen = m_events->currentText(); // a saved workspace file changes no choice
    refreshEvents();
    m_events->setCurrentIndex(qMax(0, m_events->findText(chosen)));
    describeChosen();
}

void EventPane::setFunction(const QString& name)
{
    if (name == m_function)
        return;
    if (!m_function.isEmpty())
        m_drafts.insert(m_function, eventText());
    m_function = name;
    refreshEvents();
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
    describeChosen();
    m_checkLater->stop();
    check();
}

void EventPane::refreshEvents()
{
    m_events->refill(m_model.get(), m_function.toStdString(), testEvents(m_workspace),
                     eventTemplates(m_resources));
    describeChosen();
    if (m_completer)
        m_completer->setFunction(m_model, m_workspace, m_function);
}

void EventPane::describeChosen()
{
    const QString what = m_events->description();
    m_note->setText(what);
    m_note->setVisible(!what.isEmpty());
}

/// Undo brings back what was there.
void EventPane::putIn(const QString& text)
{
    editor()->replaceText(text);
    describeChosen();
    m_checkLater->stop();
    check();
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
    describeChosen();
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
    // Another function or workspace may be in front once the dialog is closed.
    const QString workspace = m_workspace, event = eventText();
    bool accepted = false;
    const QString name
        = QInputDialog::getText(this, tr("Save as test event"), tr("Name of the test event:"),
                                QLineEdit::Normal, m_function + QStringLiteral(".json"), &accepted);
    if (!accepted || name.trimmed().isEmpty())
        return;
    QString problem;
    if (!saveTestEvent(workspace, name, event, problem)) {
        QMessageBox::warning(this, tr("Save as test event"), problem);
        return;
    }
    if (workspace != m_workspace)
        return;
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

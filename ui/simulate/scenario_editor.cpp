#include "ui/simulate/scenario_editor.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QPushButton>
#include <QStyle>

#include <utility>

#include "model/json_edit.h"
#include "model/text_file.h"
#include "ui/editor/event_completer.h"
#include "ui/shell/settings.h"
#include "ui/simulate/scenario_shape.h"
#include "ui/support/format.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kLargestFile = 16 << 20; ///< bytes; samples may be many
constexpr std::size_t kShownErrors = 4;
const QString kDraft = QStringLiteral("text");

} // namespace

ScenarioEditor::ScenarioEditor(QString path, const QString& resourceFolder, QWidget* parent)
    : Card(parent), m_path(std::move(path)), m_title(new QLabel(this)),
      m_save(new QPushButton(tr("Save"), this)), m_view(new JsonView(this)),
      m_completer(new EventCompleter(m_view, resourceFolder)), m_message(new WrappedLabel(this))
{
    m_title->setFont(uiFont(9.5, QFont::DemiBold));
    m_title->setToolTip(m_path);
    m_title->setMinimumWidth(0);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_save->setToolTip(tr("Save the scenario (Ctrl+S)"));
    CompletionKnowledge known;
    known.variables = false;
    known.seen.emplace(std::string(), scenarioShape(resourceFolder));
    m_completer->setKnowledge(std::move(known));
    m_view->setName(tr("Scenario, JSON"));
    m_message->setContentsMargins(11, 0, 4, 0);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 0, 0, 0);
    row->addWidget(m_title, 1);
    row->addWidget(m_save);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 8, 8, 8);
    column->setSpacing(6);
    column->addLayout(row);
    column->addWidget(m_view, 1);
    column->addWidget(m_message);
    setFocusProxy(m_view);
    open();
    connect(m_view, &JsonView::textChanged, this, [this] {
        showModified();
        Q_EMIT textChanged();
    });
    connect(m_save, &QPushButton::clicked, this, &ScenarioEditor::save);
}

void ScenarioEditor::open()
{
    const auto read = readTextFile(m_path.toStdString(), kLargestFile);
    if (!read) {
        say(ui::text(describe(read.error())), true);
    } else {
        m_saved = ui::text(*read);
    }
    const QString draft = Settings().drafts(m_path).value(kDraft);
    m_view->setText(draft.isEmpty() ? m_saved : draft);
    showModified();
}

void ScenarioEditor::readAgain()
{
    const auto read = readTextFile(m_path.toStdString(), kLargestFile);
    if (!read || isModified() || ui::text(*read) == m_saved)
        return;
    m_saved = ui::text(*read);
    m_view->replaceText(m_saved);
    showModified();
}

QString ScenarioEditor::text() const
{
    return m_view->text();
}

void ScenarioEditor::setText(const QString& text)
{
    m_view->replaceText(text);
}

QString ScenarioEditor::set(const QString& pointer, const QString& json)
{
    const auto changed = setJson(text().toStdString(), pointer.toStdString(), json.toStdString());
    if (!changed)
        return ui::text(describe(changed.error()));
    if (const QString made = ui::text(*changed); made != text())
        setText(made);
    return {};
}

void ScenarioEditor::save()
{
    const Result<void> written = replaceFile(m_path.toStdString(), text().toStdString());
    if (!written) {
        QMessageBox::warning(this, tr("Save"), ui::text(describe(written.error())));
        return;
    }
    m_saved = text();
    storeDraft();
    showModified();
}

void ScenarioEditor::storeDraft()
{
    Settings().setDrafts(m_path,
                         isModified() ? QHash<QString, QString>{{kDraft, text()}}
                                      : QHash<QString, QString>());
}

void ScenarioEditor::showModified()
{
    const QString name = QFileInfo(m_path).fileName();
    const bool modified = isModified();
    m_title->setText(modified ? tr("%1 · not saved").arg(name) : name);
    m_save->setEnabled(modified);
    if (modified != std::exchange(m_shownModified, modified))
        Q_EMIT modifiedChanged(modified);
}

void ScenarioEditor::setErrors(const std::vector<Error>& errors)
{
    m_errors = errors;
    m_view->clearProblem();
    QStringList lines;
    for (const Error& error : errors) {
        if (lines.size() == kShownErrors) {
            lines << tr("and %n more", nullptr, static_cast<int>(errors.size() - kShownErrors));
            break;
        }
        QString words = ui::text(error.message);
        if (!error.hint.empty())
            words += QStringLiteral("; ") + ui::text(error.hint);
        lines << (error.line > 0
                      ? tr("Line %1, column %2: %3").arg(error.line).arg(error.column).arg(words)
                      : words);
    }
    say(lines.join(QLatin1Char('\n')), true);
    for (const Error& error : errors)
        if (error.line > 0) {
            m_view->markProblem(error.line, error.column, lines.front());
            break;
        }
}

void ScenarioEditor::setNote(const QString& note)
{
    if (m_errors.empty())
        say(note, false);
}

void ScenarioEditor::say(const QString& words, bool problem)
{
    m_message->setProperty("problem", problem);
    m_message->setProperty("dim", !problem);
    m_message->style()->unpolish(m_message);
    m_message->style()->polish(m_message);
    m_message->setVisible(!words.isEmpty());
    m_message->setText(words);
}

QString ScenarioEditor::message() const
{
    return m_message->text();
}

void ScenarioEditor::showFirstError()
{
    for (const Error& error : m_errors)
        if (error.line > 0) {
            m_view->goTo(error.line, error.column);
            break;
        }
    m_view->setFocus(Qt::OtherFocusReason);
}

bool ScenarioEditor::isCompleting() const
{
    return m_completer->isOpen();
}

void ScenarioEditor::setTheme(const Theme& theme)
{
    m_view->setTheme(theme);
    m_completer->setTheme(theme);
}

} // namespace coldframe::ui

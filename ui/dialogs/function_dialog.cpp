#include "ui/dialogs/function_dialog.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTableWidget>

#include "model/json_edit.h"
#include "ui/dialogs/variables_table.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

/// One argument a line.
QString linesOf(const JsonValue& list)
{
    QStringList lines;
    for (const JsonValue& element : list.elements())
        lines << (element.isString() ? text(element.string()) : text(std::string(element.raw())));
    return lines.join(QLatin1Char('\n'));
}

std::string listOf(const QString& lines)
{
    std::string list;
    for (const QString& line : lines.split(QLatin1Char('\n')))
        list += (list.empty() ? "" : ", ") + quotedJson(line.toStdString());
    return '[' + list + ']';
}

} // namespace

FunctionDialog::FunctionDialog(std::string name, session::WorkspaceEditor editor,
                               std::string fileText, QWidget* parent)
    : EntryDialog(EntryKind::Function, std::move(name), std::move(editor), std::move(fileText),
                  parent)
{
    m_runtime = addChoice(tr("&Runtime"), "runtime");
    for (const char* runtime : {"python", "node", "lambda", "command"})
        m_runtime->addItem(QLatin1String(runtime),
                           QStringLiteral("\"%1\"").arg(QLatin1String(runtime)));
    if (!adds())
        m_runtime->setCurrentIndex(m_runtime->findText(text(textOf("runtime"))));
    addFolder(tr("&Code folder"), "code")->setPlaceholderText(QStringLiteral("functions/resize"));
    addProgram();
    addNumber(tr("&Memory"), "memoryMb", QStringLiteral("128"), tr("MB"));
    addNumber(tr("&Timeout"), "timeoutMs", QStringLiteral("3000"), tr("ms"));
    addNumber(tr("Reser&ved concurrency"), "reservedConcurrency", tr("none"), {});
    addNumber(tr("&Provisioned concurrency"), "provisionedConcurrency", QStringLiteral("0"), {});
    addNumber(tr("Temporary storage"), "ephemeralStorageMb", QStringLiteral("512"), tr("MB"));
    m_variables = new VariablesTable(valueOf("environment"), this);
    connect(m_variables, &VariablesTable::changed, this, [this] { touched(m_variables->table()); });
    addField(tr("&Environment"), m_variables, m_variables->table(), "environment",
             [] { return Value(); }); // it changes variables one by one: addChanges()
    addDestination(tr("On &success to"), "onSuccess");
    addDestination(tr("On &failure to"), "onFailure");
    addNumber(tr("Retries of events"), "async/retries", QStringLiteral("2"), {});
    addNumber(tr("Oldest event"), "async/maxEventAgeS", QStringLiteral("21600"), tr("s"));
    addText(tr("AWS profile"), "inheritAws", IfEmpty::LeaveOut)
        ->setPlaceholderText(tr("none; with one, the function works on your real account"));
    connect(m_runtime, &QComboBox::currentIndexChanged, this, &FunctionDialog::runtimeChanged);
    runtimeChanged();
    start();
}

bool FunctionDialog::runs(const char* runtime) const
{
    return m_runtime->currentText() == QLatin1String(runtime);
}

void FunctionDialog::addProgram()
{
    auto* handler = new QLineEdit(text(textOf("handler")), this);
    connect(handler, &QLineEdit::textChanged, this, [this, handler] { touched(handler); });
    handler->setPlaceholderText(tr("app.handler: the function “handler” of the file “app”"));
    addField(tr("&Handler"), handler, handler, "handler", [this, handler]() -> Value {
        if (handler->text().isEmpty() && runs("lambda"))
            return std::nullopt;
        return quotedJson(handler->text().toStdString());
    });

    const std::optional<JsonValue> inFile = valueOf("command");
    m_command = new QPlainTextEdit(this);
    m_command->setProperty("field", true);
    m_command->setTabChangesFocus(true);
    m_command->setFixedHeight(76);
    m_command->setPlaceholderText(tr("the program, then its arguments, one a line"));
    std::optional<std::string> asItIs;
    if (inFile && inFile->isArray()) {
        const QString lines = linesOf(*inFile);
        m_command->setPlainText(lines);
        if (lines.count(QLatin1Char('\n')) + 1
            != static_cast<qsizetype>(inFile->elements().size())) {
            asItIs = std::string(inFile->raw());
            m_command->setReadOnly(true);
            m_command->setToolTip(tr("An argument has line breaks: it is changed in the file."));
        }
    }
    connect(m_command, &QPlainTextEdit::textChanged, this, [this] { touched(m_command); });
    addField(tr("Comm&and"), m_command, m_command, "command", [this, asItIs]() -> Value {
        const QString lines = m_command->toPlainText().trimmed();
        if (asItIs)
            return asItIs;
        if (lines.isEmpty())
            return runs("lambda") ? Value() : Value("[]"); // core says what is missing
        return listOf(lines);
    });
    auto* interpreter = addText(tr("&Interpreter"), "interpreter", IfEmpty::LeaveOut);
    interpreter->setPlaceholderText(tr("that of .venv in the code folder, else the one on PATH"));
}

void FunctionDialog::addDestination(const QString& label, const std::string& key)
{
    QComboBox* box = addChoice(label, key);
    box->addItem(tr("nothing"), QString());
    const auto offer = [box](const QString& what, const char* kind, const QString& name) {
        box->addItem(what.arg(name),
                     text('{' + quotedJson(kind) + ':' + quotedJson(name.toStdString()) + '}'));
    };
    for (const QString& store : namesIn("stores"))
        offer(tr("store “%1”"), "store", store);
    for (const QString& function : namesIn("functions"))
        offer(tr("function “%1”"), "function", function);
    if (const std::optional<JsonValue> inFile = valueOf(key)) {
        const QString json = text(inFile->compact());
        if (box->findData(json) < 0)
            box->addItem(json, json); // what is wrong with it is told
        box->setCurrentIndex(box->findData(json));
    }
}

void FunctionDialog::runtimeChanged()
{
    const bool scripted = runs("python") || runs("node");
    setUsed("handler", !runs("command"));
    setUsed("command", !scripted);
    setUsed("interpreter", scripted);
    touched(m_runtime); // once more: what is used has changed since
}

void FunctionDialog::addChanges(std::vector<EntryChange::Value>& changes) const
{
    m_variables->addChanges(changes);
}

void FunctionDialog::checkMore()
{
    if (const QString problem = m_variables->problem(); !problem.isEmpty())
        showProblem("environment", problem);
}

} // namespace coldframe::ui

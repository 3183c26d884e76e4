#include "ui/replay/replay_form.h"

#include <QClipboard>
#include <QComboBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>

#include "model/resources.h"
#include "ui/replay/replay_field.h"
#include "ui/support/format.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

const QString kPlatformPath = QStringLiteral("platform");
const QString kDispatchPath = QStringLiteral("pool.dispatch");

QStringList textsOf(const std::vector<std::string>& words)
{
    QStringList all;
    for (const std::string& word : words)
        all << text(word);
    return all;
}

/// In quotes where a shell would take it apart.
QString shellWord(const QString& word)
{
    static const QRegularExpression kPlain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    if (kPlain.match(word).hasMatch())
        return word;
    return QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QStringLiteral("'\\''"))
        + QLatin1Char('\'');
}

/// As --set writes it.
QString valueOf(const ReplayField& field)
{
    const QString typed = field.text().trimmed();
    return typed == ReplayField::none() ? QStringLiteral("null") : typed;
}

QLabel* heading(const QString& words, QWidget* parent)
{
    auto* label = new QLabel(words, parent);
    label->setFont(uiFont(9.0, QFont::DemiBold));
    return label;
}

} // namespace

ReplayForm::ReplayForm(const QString& resourceFolder, QWidget* parent)
    : Card(parent), m_function(new QComboBox(this)), m_fields(new QWidget(this)),
      m_clear(new QPushButton(tr("Clear"), this)),
      m_copy(new QPushButton(tr("Copy command"), this)), m_help(new WrappedLabel(this)),
      m_changes(new WrappedLabel(this)), m_problem(new WrappedLabel(this))
{
    auto* title = new QLabel(tr("Changes"), this);
    title->setFont(uiFont(9.5, QFont::DemiBold));
    m_clear->setToolTip(tr("Everything as it was recorded"));
    m_copy->setToolTip(tr("Copy the command that makes the same replay"));
    auto* form = new QFormLayout(m_fields);
    form->setContentsMargins(0, 0, 6, 0);
    form->setVerticalSpacing(6);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(heading(tr("The run"), m_fields));
    m_platform = addChoice(form, tr("Platform"), kPlatformPath,
                           textsOf(platformIds(resourceFolder.toStdString())));
    for (const ReplaySetting& setting : runReplaySettings())
        m_ofRun << addField(form, new ReplayField(setting, m_fields), false);
    m_dispatch = addChoice(form, tr("Dispatch"), kDispatchPath, textsOf(study::dispatchOrders()));
    form->addRow(heading(tr("A function"), m_fields));
    form->addRow(tr("Function"), m_function);
    m_function->setAccessibleName(tr("Function whose settings are shown"));
    m_function->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const ReplaySetting& setting : functionReplaySettings())
        m_ofFunction << addField(form, new ReplayField(setting, m_fields), true);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_fields);
    scroll->viewport()->setAutoFillBackground(false);
    m_fields->setAutoFillBackground(false);
    m_help->setProperty("dim", true);
    m_help->setFont(uiFont(8.5));
    m_changes->setFont(codeFont(8.5));
    m_changes->setTextFormat(Qt::PlainText);
    m_changes->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_changes->setAccessibleName(tr("Settings that are changed"));
    m_problem->setProperty("problem", true);
    auto* head = new QHBoxLayout;
    head->addWidget(title, 1);
    head->addWidget(m_clear);
    head->addWidget(m_copy);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(11, 8, 8, 8);
    column->setSpacing(8);
    column->addLayout(head);
    column->addWidget(scroll, 1);
    column->addWidget(m_help);
    column->addWidget(m_changes);
    column->addWidget(m_problem);
    connect(m_clear, &QPushButton::clicked, this, &ReplayForm::clear);
    connect(m_copy, &QPushButton::clicked, this, &ReplayForm::copyCommand);
    connect(m_function, &QComboBox::currentIndexChanged, this, &ReplayForm::showFunction);
    setFocusProxy(m_ofRun.front());
    orderTabs();
    showHelp(nullptr);
    setStudy(nullptr);
}

/// As they stand; what is pressed after that comes last.
void ReplayForm::orderTabs()
{
    QWidgetList order{m_platform};
    for (ReplayField* field : m_ofRun)
        order << field;
    order << m_dispatch << m_function;
    for (ReplayField* field : m_ofFunction)
        order << field;
    order << m_clear << m_copy;
    for (qsizetype i = 1; i < order.size(); ++i)
        setTabOrder(order[i - 1], order[i]);
}

ReplayField* ReplayForm::addField(QFormLayout* form, ReplayField* field, bool ofFunction)
{
    form->addRow(field->setting().title, field);
    connect(field, &ReplayField::entered, this, [this, field] { showHelp(field); });
    connect(field, &QLineEdit::returnPressed, this, &ReplayForm::runWanted);
    connect(field, &QLineEdit::textChanged, this, [this, field, ofFunction] {
        if (m_filling || (ofFunction && m_function->currentIndex() < 0))
            return;
        m_values[pathOf(*field)] = valueOf(*field);
        edited();
    });
    return field;
}

/// The first entry leaves it as recorded.
QComboBox* ReplayForm::addChoice(QFormLayout* form, const QString& title, const QString& path,
                                 const QStringList& values)
{
    auto* choice = new QComboBox(m_fields);
    choice->addItem(tr("as recorded"), QString());
    for (const QString& value : values)
        choice->addItem(value, value);
    choice->setAccessibleName(title);
    choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    choice->setMinimumContentsLength(12);
    form->addRow(title, choice);
    connect(choice, &QComboBox::currentIndexChanged, this, [this, choice, path] {
        if (m_filling)
            return;
        m_values[path] = choice->currentData().toString();
        edited();
    });
    return choice;
}

QString ReplayForm::pathOf(const ReplayField& field) const
{
    const QString path = QString::fromLatin1(field.setting().path);
    return m_ofFunction.contains(&field)
        ? QStringLiteral("functions.%1.%2").arg(m_function->currentText(), path)
        : path;
}

void ReplayForm::setStudy(StudyPtr study)
{
    const QScopedValueRollback filling(m_filling, true);
    m_study = std::move(study);
    m_fields->setEnabled(m_study != nullptr);
    m_function->clear();
    if (m_study) {
        m_function->addItems(textsOf(m_study->functions()));
        const auto& configurations = m_study->recorded().script.configurations;
        for (ReplayField* field : m_ofRun)
            if (!configurations.empty())
                field->setRecorded(configurations.front(), 0);
        m_platform->setToolTip(tr("Recorded: %1").arg(text(m_study->platform().platform.title)));
    }
    showFunction();
    edited();
}

void ReplayForm::showFunction()
{
    const QScopedValueRollback filling(m_filling, true);
    const int function = m_function->currentIndex();
    for (ReplayField* field : m_ofFunction) {
        field->setEnabled(m_study && function >= 0);
        if (!m_study || function < 0)
            continue;
        const auto& configurations = m_study->recorded().script.configurations;
        if (!configurations.empty())
            field->setRecorded(configurations.front(), static_cast<std::size_t>(function));
        const auto value = m_values.find(pathOf(*field));
        field->setText(value == m_values.end() ? QString() : value->second);
    }
    edited();
}

std::vector<std::string> ReplayForm::settings() const
{
    std::vector<std::string> all;
    for (const auto& [path, value] : m_values)
        if (!value.isEmpty())
            all.push_back((path + QLatin1Char('=') + value).toStdString());
    return all;
}

void ReplayForm::set(const std::string& path, const QString& value)
{
    m_values[text(path)] = value;
    const QScopedValueRollback filling(m_filling, true);
    for (ReplayField* field : m_ofRun)
        if (pathOf(*field) == text(path))
            field->setText(value);
    for (QComboBox* choice : {m_platform, m_dispatch})
        if (text(path) == (choice == m_platform ? kPlatformPath : kDispatchPath))
            choice->setCurrentIndex(qMax(0, choice->findData(value)));
    showFunction();
}

void ReplayForm::clear()
{
    m_values.clear();
    const QScopedValueRollback filling(m_filling, true);
    for (ReplayField* field : m_ofRun)
        field->clear();
    m_platform->setCurrentIndex(0);
    m_dispatch->setCurrentIndex(0);
    showFunction();
}

/// The rules are core's: each setting is read as the command would read it.
void ReplayForm::edited()
{
    const std::vector<std::string> all = settings();
    const std::vector<std::string> functions
        = m_study ? m_study->functions() : std::vector<std::string>();
    QString problem;
    if (m_study)
        if (const auto read = study::readChanges(all, functions); !read)
            problem = text(describe(read.error()));
    for (ReplayField* field : m_ofRun + m_ofFunction) {
        const QString value = valueOf(*field);
        const bool wrong = m_study && !value.isEmpty()
            && !study::readChanges({(pathOf(*field) + QLatin1Char('=') + value).toStdString()},
                                   functions);
        field->setProblem(wrong);
    }
    setProblem(problem);
    m_changes->setText(textsOf(all).join(QLatin1Char('\n')));
    m_changes->setVisible(!all.empty());
    m_clear->setEnabled(!all.empty());
    m_copy->setEnabled(m_study != nullptr);
    Q_EMIT changed();
}

void ReplayForm::showHelp(const ReplayField* field)
{
    m_help->setText(field ? field->help()
                          : tr("What is left empty stays as it was recorded. A setting holds for "
                               "the whole run."));
}

void ReplayForm::copyCommand()
{
    QStringList words{QStringLiteral("coldframe"), QStringLiteral("replay"),
                      shellWord(text(m_study->folder().string()))};
    for (const std::string& setting : settings())
        words << QStringLiteral("--set") << shellWord(text(setting));
    QGuiApplication::clipboard()->setText(words.join(QLatin1Char(' ')));
}

void ReplayForm::setProblem(const QString& problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

QString ReplayForm::problem() const
{
    return m_problem->text();
}

bool ReplayForm::hasProblem() const
{
    return !problem().isEmpty();
}

} // namespace coldframe::ui

#include "ui/dialogs/new_workspace_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QStyle>

#include "ui/support/examples.h"
#include "ui/support/format.h"
#include "ui/support/resources.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

using session::StarterCode;
using session::StarterTrigger;

enum Role { CodeRole = Qt::UserRole, ExampleRole, AboutRole };
constexpr int kLongestName = 128; // of a workspace, in its file

} // namespace

NewWorkspaceDialog::NewWorkspaceDialog(QWidget* parent)
    : QDialog(parent), m_list(new QListWidget(this)), m_title(new QLabel(this)),
      m_about(new WrappedLabel(this)), m_trigger(new QComboBox(this)),
      m_triggerAbout(new WrappedLabel(this)), m_name(new QLineEdit(this)),
      m_folder(new QLineEdit(this)), m_place(new WrappedLabel(this))
{
    setWindowTitle(tr("New workspace"));
    m_list->setObjectName(QStringLiteral("beginnings"));
    m_list->setAccessibleName(tr("Begin with"));
    m_list->setFixedWidth(200);
    m_title->setFont(uiFont(12.0, QFont::DemiBold));
    for (QLabel* label : {static_cast<QLabel*>(m_about), static_cast<QLabel*>(m_triggerAbout)}) {
        label->setProperty("dim", true);
        label->setTextFormat(Qt::PlainText);
    }
    m_triggerAbout->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_place->setObjectName(QStringLiteral("place"));
    m_place->setTextFormat(Qt::PlainText);

    auto* right = new QVBoxLayout;
    right->setSpacing(10);
    right->addWidget(m_title);
    right->addWidget(m_about);
    right->addSpacing(6);
    right->addWidget(makeForm());
    right->addWidget(m_place);
    right->addStretch(1);
    auto* middle = new QHBoxLayout;
    middle->setSpacing(18);
    middle->addWidget(m_list);
    middle->addLayout(right, 1);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_create = buttons->button(QDialogButtonBox::Ok);
    m_create->setText(tr("Create workspace"));
    connect(buttons, &QDialogButtonBox::accepted, this, &NewWorkspaceDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(14);
    column->addLayout(middle, 1);
    column->addWidget(buttons);
    resize(760, 470);

    fillList();
    connect(m_list, &QListWidget::currentItemChanged, this, &NewWorkspaceDialog::choose);
    connect(m_trigger, &QComboBox::currentIndexChanged, this, &NewWorkspaceDialog::choose);
    connect(m_name, &QLineEdit::textChanged, this, &NewWorkspaceDialog::check);
    connect(m_folder, &QLineEdit::textChanged, this, &NewWorkspaceDialog::check);
    m_list->setCurrentRow(1); // below its heading
    m_list->setFocus();
}

QWidget* NewWorkspaceDialog::makeForm()
{
    const auto add = [this](const QString& title, StarterTrigger trigger) {
        m_trigger->addItem(title, static_cast<int>(trigger));
    };
    add(tr("By hand"), StarterTrigger::Manual);
    add(tr("A file in a folder"), StarterTrigger::Folder);
    add(tr("A schedule"), StarterTrigger::Schedule);
    m_name->setMaxLength(kLongestName);
    m_folder->setText(QDir::toNativeSeparators(QDir::homePath()));
    auto* browsing = new QPushButton(tr("&Browse…"), this);
    browsing->setAutoDefault(false);
    connect(browsing, &QPushButton::clicked, this, &NewWorkspaceDialog::browse);
    auto* place = new QHBoxLayout;
    place->setSpacing(6);
    place->addWidget(m_folder, 1);
    place->addWidget(browsing);

    auto* holder = new QWidget(this);
    m_form = new QFormLayout(holder);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_form->addRow(tr("&Trigger"), m_trigger);
    m_form->addRow(QString(), m_triggerAbout);
    m_form->addRow(tr("&Name"), m_name);
    m_form->addRow(tr("&In folder"), place);
    static_cast<QLabel*>(m_form->labelForField(place))->setBuddy(m_folder);
    m_trigger->setAccessibleName(tr("Trigger"));
    m_name->setAccessibleName(tr("Name"));
    m_folder->setAccessibleName(tr("In folder"));
    return holder;
}

void NewWorkspaceDialog::fillList()
{
    addHeading(tr("A small function"));
    addTemplate(tr("Python"), tr("A Python function, as on AWS Lambda: functions/hello/app.py."),
                StarterCode::Python);
    addTemplate(tr("Node.js"),
                tr("A JavaScript function, as on AWS Lambda: functions/hello/index.mjs."),
                StarterCode::Node);
    addTemplate(tr("Shell command"),
                tr("Any program: the event comes on standard input, the result goes to standard "
                   "output. It begins as a shell script, functions/hello/hello.sh."),
                StarterCode::Command);
    addTemplate(tr("Own runtime"),
                tr("An executable that speaks the Lambda Runtime API by itself, as compiled "
                   "functions do: functions/hello/bootstrap. It begins as a Python script."),
                StarterCode::Bootstrap);
    const QStringList examples = shippedExamples();
    if (!examples.isEmpty())
        addHeading(tr("A copy of an example"));
    for (const QString& folder : examples)
        addExample(folder);
}

void NewWorkspaceDialog::addHeading(const QString& title)
{
    auto* item = new QListWidgetItem(title, m_list);
    item->setFlags(Qt::NoItemFlags); // keys and clicks pass it by
    item->setFont(uiFont(9.0, QFont::DemiBold));
}

void NewWorkspaceDialog::addTemplate(const QString& title, const QString& about, StarterCode code)
{
    auto* item = new QListWidgetItem(title, m_list);
    item->setData(CodeRole, static_cast<int>(code));
    item->setData(AboutRole, about);
}

void NewWorkspaceDialog::addExample(const QString& folder)
{
    auto* item = new QListWidgetItem(QDir(folder).dirName(), m_list);
    item->setData(ExampleRole, folder);
    item->setData(AboutRole, descriptionOf(folder));
}

QString NewWorkspaceDialog::example() const
{
    return m_list->currentItem()->data(ExampleRole).toString();
}

QString NewWorkspaceDialog::target() const
{
    return QDir(m_folder->text().trimmed()).filePath(m_name->text().trimmed());
}

void NewWorkspaceDialog::choose()
{
    const QListWidgetItem* item = m_list->currentItem();
    m_title->setText(item->text());
    m_about->setText(item->data(AboutRole).toString());
    const bool isTemplate = example().isEmpty();
    m_form->setRowVisible(m_trigger, isTemplate);
    m_form->setRowVisible(m_triggerAbout, isTemplate);
    switch (static_cast<StarterTrigger>(m_trigger->currentData().toInt())) {
    case StarterTrigger::Manual:
        m_triggerAbout->setText(tr("You send events from the window or the terminal."));
        break;
    case StarterTrigger::Folder:
        m_triggerAbout->setText(tr("Each file that comes into data/in is an event; results are "
                                   "files in data/out."));
        break;
    case StarterTrigger::Schedule:
        m_triggerAbout->setText(tr("Every five minutes, once triggers are started."));
        break;
    }
    if (!m_name->isModified())
        proposeName();
    check();
}

/// A name that is free in the folder, for as long as nobody has typed one.
void NewWorkspaceDialog::proposeName()
{
    const QString wish
        = example().isEmpty() ? QStringLiteral("my-functions") : QDir(example()).dirName();
    const QDir folder(m_folder->text().trimmed());
    QString name = wish;
    for (int number = 2; number < 1000 && QFileInfo::exists(folder.filePath(name)); ++number)
        name = QStringLiteral("%1-%2").arg(wish).arg(number);
    m_name->setText(name); // which is no modification
}

void NewWorkspaceDialog::check()
{
    const QString name = m_name->text().trimmed(), folder = m_folder->text().trimmed();
    QString problem;
    if (name.isEmpty() || folder.isEmpty())
        problem = name.isEmpty() ? tr("Give the workspace a name.")
                                 : tr("Choose the folder that it is made in.");
    else if (name.contains(QLatin1Char('/')) || name.startsWith(QLatin1Char('.')))
        problem = tr("The name becomes a folder: it holds no “/” and does not begin with a dot.");
    else if (!QDir::isAbsolutePath(folder))
        problem = tr("Give the whole path of the folder, from “/” on.");
    else if (const Result<void> free = session::checkTarget(target().toStdString()); !free)
        problem = text(describe(free.error()));
    showPlace(problem.isEmpty() ? tr("Will be made: %1").arg(QDir::toNativeSeparators(target()))
                                : problem,
              !problem.isEmpty());
    m_create->setEnabled(problem.isEmpty());
}

void NewWorkspaceDialog::showPlace(const QString& text, bool isProblem)
{
    m_place->setProperty("problem", isProblem);
    m_place->setProperty("dim", !isProblem);
    m_place->style()->unpolish(m_place); // a style sheet looks at properties only then
    m_place->style()->polish(m_place);
    m_place->setText(text);
}

void NewWorkspaceDialog::browse()
{
    const QString folder = QFileDialog::getExistingDirectory(
        this, tr("Folder that the workspace is made in"), m_folder->text());
    if (!folder.isEmpty())
        m_folder->setText(QDir::toNativeSeparators(folder));
}

Result<void> NewWorkspaceDialog::make() const
{
    const std::string resources = resourceFolder().toStdString();
    const std::string folder = target().toStdString();
    if (!example().isEmpty())
        return session::copyWorkspace(example().toStdString(), folder, resources);
    const auto code = static_cast<StarterCode>(m_list->currentItem()->data(CodeRole).toInt());
    const auto trigger = static_cast<StarterTrigger>(m_trigger->currentData().toInt());
    const auto files
        = session::starterFiles(m_name->text().trimmed().toStdString(), code, trigger, resources);
    if (!files)
        return tl::unexpected(files.error());
    return session::makeWorkspace(folder, *files);
}

void NewWorkspaceDialog::accept()
{
    if (!m_create->isEnabled())
        return;
    const Result<void> made = make();
    if (made) {
        QDialog::accept();
        return;
    }
    showPlace(tr("Nothing was made. %1").arg(text(describe(made.error()))), true);
}

} // namespace coldframe::ui

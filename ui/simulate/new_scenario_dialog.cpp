#include "ui/simulate/new_scenario_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

#include "model/text_file.h"
#include "ui/support/format.h"
#include "ui/support/resources.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

namespace {

const QString kOwn = QStringLiteral("workspace"); ///< the entry of the workspace's own functions

QString freeName(const QString& folder, const QString& name)
{
    QString path = QDir(folder).filePath(name + QStringLiteral(".json"));
    for (int i = 2; QFileInfo::exists(path); ++i)
        path = QDir(folder).filePath(QStringLiteral("%1-%2.json").arg(name).arg(i));
    return path;
}

} // namespace

NewScenarioDialog::NewScenarioDialog(std::shared_ptr<const Workspace> workspace, QWidget* parent)
    : QDialog(parent), m_workspace(std::move(workspace)), m_from(new QComboBox(this)),
      m_file(new QLineEdit(this)), m_problem(new QLabel(this))
{
    setWindowTitle(tr("New scenario"));
    m_folder = m_workspace ? ui::text(m_workspace->folder.string()) + QStringLiteral("/scenarios")
                           : QDir::homePath();
    if (m_workspace && !std::ranges::all_of(m_workspace->functions, &Function::removed))
        m_from->addItem(tr("The functions of this workspace"), kOwn);
    for (const ScenarioEntry& entry : shippedScenarios(examplesFolder()))
        m_from->addItem(tr("Example: %1").arg(entry.title), entry.path);
    auto* browse = new QPushButton(tr("Browse…"), this);
    browse->setAutoDefault(false);
    m_file->setMinimumWidth(fontMetrics().averageCharWidth() * 52);
    m_problem->setWordWrap(true);
    m_problem->setProperty("problem", true);
    auto* place = new QHBoxLayout;
    place->addWidget(m_file, 1);
    place->addWidget(browse);
    auto* form = new QFormLayout;
    form->addRow(tr("&Start from"), m_from);
    form->addRow(tr("&File"), place);
    auto* note
        = dimLabel(tr("A scenario says how often functions are called and how long they run; "
                      "the simulator plays it in virtual time."),
                   this);
    note->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Create"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(12);
    column->addWidget(note);
    column->addLayout(form);
    column->addWidget(m_problem);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &NewScenarioDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_from, &QComboBox::currentIndexChanged, this, &NewScenarioDialog::suggestName);
    connect(browse, &QPushButton::clicked, this, [this] {
        const QString chosen = QFileDialog::getSaveFileName(
            this, tr("New scenario"), m_file->text(), tr("Scenarios (*.json)"));
        if (!chosen.isEmpty())
            m_file->setText(chosen);
    });
    m_problem->hide();
    suggestName();
}

void NewScenarioDialog::suggestName()
{
    const QString from = m_from->currentData().toString();
    m_file->setText(freeName(
        m_folder, from == kOwn ? QStringLiteral("scenario") : QFileInfo(from).completeBaseName()));
}

Result<std::string> NewScenarioDialog::text() const
{
    const QString from = m_from->currentData().toString();
    if (from == kOwn)
        return scenarioOf(*m_workspace, resourceFolder());
    return copyOf(from, resourceFolder());
}

void NewScenarioDialog::accept()
{
    QString path = m_file->text().trimmed();
    if (!path.endsWith(QStringLiteral(".json"), Qt::CaseInsensitive))
        path += QStringLiteral(".json");
    if (QFileInfo(path).isRelative())
        path = QDir(m_folder).filePath(path);
    QDir().mkpath(QFileInfo(path).absolutePath()); // writing says why when this could not
    const auto made = text();
    const Result<void> written = made ? writeNewFile(path.toStdString(), *made)
                                      : Result<void>(tl::unexpected(made.error()));
    if (written) {
        m_path = path;
        return QDialog::accept();
    }
    m_problem->setText(ui::text(describe(written.error())));
    m_problem->show();
    m_file->setFocus();
}

} // namespace coldframe::ui

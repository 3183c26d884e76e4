#include "ui/simulate/sweep_edit.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStyle>

#include <algorithm>

#include "ui/simulate/scenario_paths.h"

namespace coldframe::ui {

SweepEdit::SweepEdit(const QString& word, QWidget* parent)
    : QWidget(parent), m_path(new QComboBox(this)), m_values(new QLineEdit(this))
{
    auto* label = new QLabel(word, this);
    label->setBuddy(m_path);
    m_path->setEditable(true);
    m_path->setInsertPolicy(QComboBox::NoInsert);
    m_path->setMinimumContentsLength(5); // two of them in a small window
    m_path->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_path->lineEdit()->setPlaceholderText(tr("setting, such as pool.keepAliveS"));
    m_path->completer()->setFilterMode(Qt::MatchContains);
    m_path->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_path->setAccessibleName(tr("Setting to sweep"));
    m_path->setToolTip(tr("The setting that takes one value after another. Empty: none."));
    m_values->setPlaceholderText(tr("60,300,600 or 60..3600/10"));
    m_values->setAccessibleName(tr("Values of the sweep"));
    m_values->setToolTip(tr("Values with commas between, or FROM..TO/STEPS. With two sweeps every "
                            "value of one meets every value of the other."));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(label);
    row->addWidget(m_path, 3);
    row->addWidget(m_values, 2);
    connect(m_path, &QComboBox::activated, this, &SweepEdit::pathChosen);
    connect(m_path, &QComboBox::editTextChanged, this, &SweepEdit::changed);
    connect(m_path->lineEdit(), &QLineEdit::editingFinished, this, &SweepEdit::pathChosen);
    connect(m_values, &QLineEdit::textChanged, this, &SweepEdit::changed);
}

void SweepEdit::setScenario(const QStringList& paths, std::string text)
{
    m_text = std::move(text);
    QStringList have;
    for (int i = 0; i < m_path->count(); ++i)
        have << m_path->itemText(i);
    if (have == paths || paths.isEmpty())
        return;
    const QSignalBlocker quiet(m_path);
    const QString typed = m_path->currentText();
    m_path->clear();
    m_path->addItems(paths);
    m_path->setEditText(typed);
}

/// A setting that was chosen brings values to try, unless some are there.
void SweepEdit::pathChosen()
{
    if (m_values->text().isEmpty() && !m_path->currentText().isEmpty())
        m_values->setText(valuesToTry(m_path->currentText(), m_text));
}

bool SweepEdit::isEmpty() const
{
    return m_path->currentText().trimmed().isEmpty();
}

tl::expected<std::optional<study::Sweep>, Error> SweepEdit::sweep() const
{
    if (isEmpty() || m_values->text().trimmed().isEmpty())
        return std::nullopt;
    const auto parsed = study::parseSweep(
        (m_path->currentText().trimmed() + QLatin1Char('=') + m_values->text().trimmed())
            .toStdString());
    if (!parsed)
        return tl::unexpected(parsed.error());
    return *parsed;
}

void SweepEdit::setSweep(const QString& path, const QString& values)
{
    m_path->setEditText(path);
    m_values->setText(values);
}

void SweepEdit::setProblem(bool problem)
{
    for (QWidget* widget : {static_cast<QWidget*>(m_path), static_cast<QWidget*>(m_values)}) {
        if (widget->property("problem").toBool() == problem)
            continue;
        widget->setProperty("problem", problem);
        widget->style()->unpolish(widget);
        widget->style()->polish(widget);
    }
}

} // namespace coldframe::ui

#include "ui/limits/limits_bar.h"

#include <QHBoxLayout>
#include <QStyle>

#include "model/workspace_limits.h"
#include "ui/limits/limit_box.h"
#include "ui/support/format.h"
#include "ui/widgets/wrap_row.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

constexpr int kMemoryStep = 64; ///< MB
constexpr int kReservedNone = -1;
constexpr int kFieldGap = 10;

} // namespace

LimitsBar::LimitsBar(QWidget* parent) : Card(parent), m_problem(new WrappedLabel(this))
{
    setAccessibleName(tr("Live limits"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 7, 12, 8);
    column->setSpacing(4);
    auto* row = new WrapRow(this, kFieldGap);
    row->setEven(true);
    m_fields.reserve(4); // its fields are pointed at
    m_memory = addField(row, tr("Memory"),
                        tr("Memory of each instance; the share of a core grows with it."),
                        "memoryMb", kReservedNone);
    m_memory->setSuffix(tr(" MB"));
    m_memory->setSingleStep(kMemoryStep);
    m_reserved = addField(row, tr("Reserved"),
                          tr("Reserved concurrency: the most instances this function may have, "
                             "kept free for it. 0 throttles every event."),
                          "reservedConcurrency", kReservedNone);
    m_reserved->setNone(tr("none"));
    m_provisioned = addField(row, tr("Provisioned"),
                             tr("Provisioned concurrency: instances that are started ahead and "
                                "billed while they wait."),
                             "provisionedConcurrency", 0);
    m_provisioned->setNone(tr("none"));
    m_account = addField(row, tr("Account"),
                         tr("Account concurrency: the most instances of all functions together. "
                            "“default” is the platform's own."),
                         "accountConcurrency", 0);
    m_account->setNone(tr("default"));
    column->addWidget(row);
    m_problem->setObjectName(QStringLiteral("limitProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setProperty("problem", true);
    m_problem->hide();
    column->addWidget(m_problem);
    setReason(tr("Open a workspace to change its limits."));
}

LimitBox* LimitsBar::addField(WrapRow* row, const QString& caption, const QString& help,
                              const std::string& key, int none)
{
    auto* pair = new QWidget(row);
    auto* inPair = new QHBoxLayout(pair);
    inPair->setContentsMargins(0, 0, 0, 0);
    inPair->setSpacing(kFieldGap);
    auto* box = new LimitBox(pair);
    box->setObjectName(QStringLiteral("limit.") + text(key));
    // Wider than core allows, which says more than a field that does not take a key.
    box->setRange(key == "reservedConcurrency" ? kReservedNone : 0, int(kConcurrency.max));
    box->setAccessibleName(caption);
    box->setToolTip(help);
    auto* label = dimLabel(caption, pair);
    label->setBuddy(box);
    label->setToolTip(help);
    inPair->addWidget(label);
    inPair->addWidget(box, 1);
    row->add(pair, true);
    m_fields.push_back({box, label, key, none, key == "accountConcurrency"});
    Field* field = &m_fields.back();
    connect(box, &LimitBox::chosen, this, [this, field](int value) { choose(*field, value); });
    connect(box, &LimitBox::reverted, this, [this, field] {
        if (m_wrong == field)
            say(nullptr, {});
    });
    return box;
}

void LimitsBar::setPort(SessionPort* port)
{
    m_port = port;
    m_workspace.reset();
    say(nullptr, {});
    if (!port)
        return setReason(tr("Open a workspace to change its limits."));
    connect(port, &SessionPort::snapshotChanged, this, &LimitsBar::show);
    show(port->snapshot());
}

void LimitsBar::setFunction(const QString& name)
{
    if (m_function == name.toStdString())
        return;
    m_function = name.toStdString();
    say(nullptr, {});
    fill(true);
}

void LimitsBar::show(const SnapshotPtr& snapshot)
{
    if (!snapshot->workspace)
        setReason(tr("The workspace file has errors: no limits are in force."));
    else if (!snapshot->workspaceErrors.empty())
        setReason(tr("coldframe.json has errors. Put them right first; until then what was in "
                     "force before stays."));
    else
        setReason({});
    if (snapshot->workspace == m_workspace)
        return;
    m_workspace = snapshot->workspace;
    fill(false);
}

/// What is in force. Another function's values take the place of whatever was typed.
void LimitsBar::fill(bool anew)
{
    const Function* function = m_workspace ? m_workspace->findFunction(m_function) : nullptr;
    if (!function)
        return;
    m_memory->setInForce(function->memoryMb);
    m_reserved->setInForce(function->reservedConcurrency.value_or(kReservedNone));
    m_provisioned->setInForce(function->provisionedConcurrency);
    m_account->setInForce(m_workspace->accountConcurrency);
    for (Field& field : m_fields)
        if (anew)
            field.box->revert();
    if (m_wrong && !m_wrong->box->isTouched())
        say(nullptr, {});
}

void LimitsBar::choose(Field& field, int value)
{
    if (!m_writer || !m_workspace)
        return;
    LimitChange change{field.ofAccount ? std::string() : m_function, field.key, value};
    if (value == field.none)
        change.value.reset();
    const Result<void> written = m_writer(change);
    if (!written) {
        const Error& error = written.error();
        field.box->setRefused();
        say(&field, text(error.hint.empty() ? error.message : error.message + "; " + error.hint));
        return;
    }
    if (m_wrong == &field)
        say(nullptr, {});
}

void LimitsBar::say(Field* field, const QString& problem)
{
    for (const Field* each : {m_wrong, field}) {
        if (!each)
            continue;
        each->box->setProperty("problem", each == field);
        each->box->setAccessibleDescription(each == field ? problem : QString());
        each->box->style()->unpolish(each->box);
        each->box->style()->polish(each->box);
    }
    m_wrong = field;
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void LimitsBar::setReason(const QString& reason)
{
    if (reason == m_reason && isEnabled() == reason.isEmpty())
        return;
    m_reason = reason;
    for (const Field& field : m_fields) {
        field.box->setEnabled(reason.isEmpty());
        field.caption->setEnabled(reason.isEmpty());
    }
    if (!reason.isEmpty())
        say(nullptr, {});
    setToolTip(reason);
    m_problem->setProperty("problem", reason.isEmpty());
    m_problem->style()->unpolish(m_problem);
    m_problem->style()->polish(m_problem);
    m_problem->setText(reason);
    m_problem->setVisible(!reason.isEmpty());
}

} // namespace coldframe::ui

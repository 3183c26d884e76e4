#include "ui/dialogs/send_rate_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QPushButton>
#include <QSpinBox>

#include "ui/support/format.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

namespace {

using Shape = session::SendPlan::Shape;

QDoubleSpinBox* numberField(double least, double most, double value, const QString& suffix,
                            QWidget* parent)
{
    auto* field = new QDoubleSpinBox(parent);
    field->setRange(least, most);
    field->setDecimals(1);
    field->setValue(value);
    field->setSuffix(suffix);
    field->setGroupSeparatorShown(true);
    return field;
}

} // namespace

SendRateDialog::SendRateDialog(const QString& function, QWidget* parent)
    : QDialog(parent), m_function(function), m_shape(new QComboBox(this)),
      m_rate(numberField(0.1, 100'000, 10, tr(" /s"), this)),
      m_toRate(numberField(0.1, 100'000, 50, tr(" /s"), this)),
      m_seconds(numberField(0.1, 86'400, 10, tr(" s"), this)), m_burst(new QSpinBox(this)),
      m_form(new QFormLayout), m_preview(dimLabel(QString(), this)), m_problem(new QLabel(this))
{
    setWindowTitle(tr("Send at rate"));
    buildFields(m_form);
    m_preview->setWordWrap(true);
    m_preview->setMinimumWidth(360);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel,
                                         Qt::Horizontal, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Start sending"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(12);
    column->addLayout(m_form);
    column->addWidget(m_preview);
    column->addWidget(m_problem);
    column->addWidget(buttons);
    shapeChanged();
}

void SendRateDialog::buildFields(QFormLayout* form)
{
    m_shape->addItem(tr("Constant: evenly spaced"), static_cast<int>(Shape::Constant));
    m_shape->addItem(tr("Poisson: at random, as independent users"),
                     static_cast<int>(Shape::Poisson));
    m_shape->addItem(tr("Ramp: rising or falling"), static_cast<int>(Shape::Ramp));
    m_shape->addItem(tr("Burst: many at once, again and again"), static_cast<int>(Shape::Burst));
    m_burst->setRange(1, 10'000);
    m_burst->setValue(10);
    form->addRow(tr("&Shape"), m_shape);
    form->addRow(tr("&Rate"), m_rate);
    form->addRow(tr("&Up to"), m_toRate);
    form->addRow(tr("&Events in a burst"), m_burst);
    form->addRow(tr("&For"), m_seconds);
    connect(m_shape, &QComboBox::currentIndexChanged, this, &SendRateDialog::shapeChanged);
    for (QDoubleSpinBox* field : {m_rate, m_toRate, m_seconds})
        connect(field, &QDoubleSpinBox::valueChanged, this, &SendRateDialog::preview);
    connect(m_burst, &QSpinBox::valueChanged, this, &SendRateDialog::preview);
}

void SendRateDialog::shapeChanged()
{
    const auto shape = static_cast<Shape>(m_shape->currentData().toInt());
    const auto showRow = [this](QWidget* field, bool shown) {
        field->setVisible(shown);
        m_form->labelForField(field)->setVisible(shown);
    };
    showRow(m_toRate, shape == Shape::Ramp);
    showRow(m_burst, shape == Shape::Burst);
    auto* rate = qobject_cast<QLabel*>(m_form->labelForField(m_rate));
    rate->setText(shape == Shape::Ramp        ? tr("&Rate, from")
                      : shape == Shape::Burst ? tr("Bu&rsts")
                                              : tr("&Rate"));
    preview();
}

session::SendPlan SendRateDialog::plan() const
{
    session::SendPlan plan;
    plan.shape = static_cast<Shape>(m_shape->currentData().toInt());
    plan.perSecond = m_rate->value();
    plan.toPerSecond = m_toRate->value();
    plan.burstSize = m_burst->value();
    plan.length
        = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(m_seconds->value()));
    return plan;
}

void SendRateDialog::setPlan(const session::SendPlan& plan)
{
    m_shape->setCurrentIndex(m_shape->findData(static_cast<int>(plan.shape)));
    m_rate->setValue(plan.perSecond);
    m_toRate->setValue(plan.toPerSecond);
    m_burst->setValue(plan.burstSize);
    m_seconds->setValue(toSeconds(plan.length));
}

void SendRateDialog::setProblem(const QString& problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void SendRateDialog::preview()
{
    setProblem(QString());
    m_preview->setText(planSentence(plan(), m_function));
}

double expectedEvents(const session::SendPlan& plan)
{
    const double seconds = toSeconds(plan.length);
    switch (plan.shape) {
    case Shape::Ramp:
        return (plan.perSecond + plan.toPerSecond) / 2.0 * seconds;
    case Shape::Burst:
        return plan.perSecond * plan.burstSize * seconds;
    case Shape::Constant:
    case Shape::Poisson:
        break;
    }
    return plan.perSecond * seconds;
}

QString planSentence(const session::SendPlan& plan, const QString& function)
{
    const QString about = countText(static_cast<std::uint64_t>(expectedEvents(plan) + 0.5));
    const QString length = durationText(plan.length);
    const QString rate = rateText(plan.perSecond);
    switch (plan.shape) {
    case Shape::Poisson:
        return SendRateDialog::tr(
                   "About %1 events to “%2” in %3: %4 on average, at random moments.")
            .arg(about, function, length, rate);
    case Shape::Ramp:
        return SendRateDialog::tr("About %1 events to “%2” in %3: from %4 to %5.")
            .arg(about, function, length, rate, rateText(plan.toPerSecond));
    case Shape::Burst:
        return SendRateDialog::tr("About %1 events to “%2” in %3: %4 at once, %5 bursts.")
            .arg(about, function, length, countText(static_cast<std::uint64_t>(plan.burstSize)),
                 rate);
    case Shape::Constant:
        break;
    }
    return SendRateDialog::tr("About %1 events to “%2” in %3: %4, evenly spaced.")
        .arg(about, function, length, rate);
}

} // namespace coldframe::ui

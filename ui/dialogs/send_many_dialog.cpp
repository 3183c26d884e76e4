#include "ui/dialogs/send_many_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QPushButton>
#include <QSpinBox>

#include "ui/support/format.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

namespace {

constexpr int kMost = 1'000'000;
constexpr int kStart = 50;

} // namespace

SendManyDialog::SendManyDialog(const QString& function, quint32 limit, QWidget* parent)
    : QDialog(parent), m_function(function), m_limit(limit), m_count(new QSpinBox(this)),
      m_preview(dimLabel(QString(), this))
{
    setWindowTitle(tr("Send ×N"));
    m_count->setRange(1, kMost);
    m_count->setValue(kStart);
    m_count->setGroupSeparatorShown(true);
    m_preview->setWordWrap(true);
    m_preview->setMinimumWidth(340);

    auto* form = new QFormLayout;
    form->addRow(tr("&Copies of the event"), m_count);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel,
                                         Qt::Horizontal, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Send"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_count, &QSpinBox::valueChanged, this, &SendManyDialog::preview);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(12);
    column->addLayout(form);
    column->addWidget(m_preview);
    column->addWidget(buttons);
    preview();
    m_count->selectAll();
}

quint64 SendManyDialog::count() const
{
    return static_cast<quint64>(m_count->value());
}

void SendManyDialog::preview()
{
    QString sentence = tr("%1 events go to “%2” at once.").arg(countText(count()), m_function);
    if (m_limit > 0 && count() > m_limit)
        sentence += QLatin1Char(' ')
            + tr("Its limit is %1 at a time: the calls above that are throttled.")
                  .arg(countText(m_limit));
    m_preview->setText(sentence);
}

} // namespace coldframe::ui

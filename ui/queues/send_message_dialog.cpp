#include "ui/queues/send_message_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "model/json_text.h"
#include "ui/queues/message_text.h"
#include "ui/support/format.h"
#include "ui/widgets/card.h"
#include "ui/widgets/json_view.h"

namespace coldframe::ui {

namespace {

constexpr int kMostDelayS = 900;

} // namespace

SendMessageDialog::SendMessageDialog(const QueueStore& queue, session::MessageDraft draft,
                                     QueuePort& port, QWidget* parent)
    : QDialog(parent), m_draft(std::move(draft)), m_port(port)
{
    setWindowTitle(m_draft.body.empty() ? tr("New message for “%1”").arg(text(m_draft.queue))
                                        : tr("Send copy to “%1”").arg(text(m_draft.queue)));
    auto* bodyCard = new Card(this);
    auto* inCard = new QVBoxLayout(bodyCard);
    inCard->setContentsMargins(4, 6, 4, 6);
    m_body = new JsonView(bodyCard);
    m_body->setName(tr("Body of the new message"));
    m_body->setMinimumHeight(140);
    m_body->setText(shownBody(m_draft.body));
    inCard->addWidget(m_body);
    auto* bodyLabel = new QLabel(tr("&Body: any text, mostly JSON"), this);
    bodyLabel->setBuddy(m_body);

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    if (queue.fifo) {
        m_group = new QLineEdit(text(m_draft.group), this);
        m_group->setObjectName(QStringLiteral("field.group"));
        m_group->setPlaceholderText(tr("messages of one group stay in order"));
        m_deduplication = new QLineEdit(this);
        m_deduplication->setObjectName(QStringLiteral("field.deduplication"));
        m_deduplication->setPlaceholderText(queue.contentBasedDeduplication
                                                ? tr("empty: by the body")
                                                : tr("one sent twice within 5 min is taken once"));
        form->addRow(tr("Message &group"), m_group);
        form->addRow(tr("&Deduplication id"), m_deduplication);
    } else {
        m_delay = new QSpinBox(this);
        m_delay->setObjectName(QStringLiteral("field.delay"));
        m_delay->setRange(-1, kMostDelayS);
        m_delay->setValue(-1);
        m_delay->setSpecialValueText(tr("as the queue: %1 s").arg(queue.delayS));
        m_delay->setSuffix(tr(" s"));
        form->addRow(tr("&Delay"), m_delay);
    }
    m_attributes = new QPlainTextEdit(this);
    m_attributes->setObjectName(QStringLiteral("field.attributes"));
    m_attributes->setProperty("field", true);
    m_attributes->setFont(codeFont());
    m_attributes->setTabChangesFocus(true);
    m_attributes->setFixedHeight(72);
    m_attributes->setPlaceholderText(
        QStringLiteral("{\"kind\": {\"stringValue\": \"order\", \"dataType\": \"String\"}}"));
    m_attributes->setPlainText(shownBody(m_draft.attributes));
    form->addRow(tr("&Attributes (JSON)"), m_attributes);

    m_problem = new QLabel(this);
    m_problem->setObjectName(QStringLiteral("problem"));
    m_problem->setProperty("problem", true);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_buttons->button(QDialogButtonBox::Ok)->setText(tr("Send"));
    m_buttons->button(QDialogButtonBox::Ok)->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    connect(m_buttons, &QDialogButtonBox::accepted, this, &SendMessageDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(10);
    column->addWidget(bodyLabel);
    column->addWidget(bodyCard, 1);
    column->addLayout(form);
    column->addWidget(m_problem);
    column->addWidget(m_buttons);
    resize(560, 480);
    m_body->setFocus();
    m_body->focusProxy()->installEventFilter(this);
}

/// An editor keeps Escape for itself, and new lines.
bool SendMessageDialog::eventFilter(QObject* watched, QEvent* event)
{
    const bool pressed = event->type() == QEvent::KeyPress;
    if (pressed || event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool sends = key->key() == Qt::Key_Return && key->modifiers() == Qt::ControlModifier;
        if (sends || key->key() == Qt::Key_Escape) {
            event->accept();
            if (pressed && sends)
                accept();
            else if (pressed)
                reject();
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void SendMessageDialog::setTheme(const Theme& theme)
{
    m_body->setTheme(theme);
}

void SendMessageDialog::say(const QString& problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

QString SendMessageDialog::problem() const
{
    if (m_body->text().isEmpty())
        return tr("A message has a body: type one.");
    const std::string attributes = m_attributes->toPlainText().trimmed().toStdString();
    if (attributes.empty())
        return {};
    const Result<JsonText> json = parseJson(attributes, {});
    if (!json)
        return tr("The attributes are no JSON: %1").arg(text(describe(json.error())));
    if (!json->root().isObject())
        return tr("The attributes are an object: a name, and for each "
                  "{\"stringValue\": …, \"dataType\": \"String\"}.");
    return {};
}

session::MessageDraft SendMessageDialog::draft() const
{
    session::MessageDraft made;
    made.queue = m_draft.queue;
    const QString typed = m_body->text();
    made.body = !m_draft.body.empty() && typed == shownBody(m_draft.body)
        ? m_draft.body
        : keptBody(typed, m_draft.body.empty() ? "{}" : m_draft.body);
    const std::string attributes = m_attributes->toPlainText().trimmed().toStdString();
    if (const Result<JsonText> json = parseJson(attributes, {}))
        made.attributes = json->root().compact();
    if (m_group) {
        made.group = m_group->text().trimmed().toStdString();
        made.deduplication = m_deduplication->text().trimmed().toStdString();
    }
    if (m_delay && m_delay->value() >= 0)
        made.delay = std::chrono::seconds(m_delay->value());
    made.sender = "send";
    return made;
}

void SendMessageDialog::accept()
{
    const QString wrong = problem();
    say(wrong);
    QPushButton* send = m_buttons->button(QDialogButtonBox::Ok);
    if (!wrong.isEmpty() || !send->isEnabled())
        return;
    send->setEnabled(false); // until the queue has it
    m_port.send(draft(), this, [this, send](const session::MessageReceipt& receipt) {
        send->setEnabled(true);
        if (receipt.refused)
            return say(text(describe(*receipt.refused)));
        m_receipt = receipt;
        QDialog::accept();
    });
}

} // namespace coldframe::ui

#include "ui/queues/message_pane.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>

#include "ui/queues/message_text.h"
#include "ui/support/format.h"
#include "ui/widgets/button_row.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

constexpr int kAttributeLines = 6;

} // namespace

MessagePane::MessagePane(QWidget* parent)
    : QWidget(parent), m_title(new ElidedLabel(QString(), this)), m_facts(new WrappedLabel(this)),
      m_problem(new WrappedLabel(this)), m_buttonRow(new ButtonRow(this)),
      m_editRow(new QWidget(this)), m_save(new QPushButton(tr("Save"), m_editRow)),
      m_cancel(new QPushButton(tr("Cancel"), m_editRow)), m_body(new JsonView(this)),
      m_attributes(new JsonView(this)), m_attributesTitle(new QLabel(tr("Attributes"), this))
{
    m_title->setFont(codeFont(8.5));
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->setProperty("dim", true);
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setObjectName(QStringLiteral("messageFacts"));
    m_problem->setProperty("problem", true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setObjectName(QStringLiteral("messageProblem"));
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_attributesTitle->setFont(uiFont(9.5, QFont::DemiBold));
    auto* inEdit = new QHBoxLayout(m_editRow);
    inEdit->setContentsMargins(0, 0, 0, 0);
    inEdit->setSpacing(6);
    m_save->setObjectName(QStringLiteral("primary"));
    m_save->setToolTip(tr("Ctrl+S"));
    m_cancel->setToolTip(tr("Escape"));
    inEdit->addWidget(m_save);
    inEdit->addWidget(m_cancel);
    inEdit->addStretch(1);
    m_body->setName(tr("Body of the message"));
    m_attributes->setName(tr("Attributes of the message"));
    m_attributes->setReadOnly(true);
    m_attributes->setFixedHeight(QFontMetrics(codeFont()).lineSpacing() * kAttributeLines + 6);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(m_title);
    column->addWidget(m_facts);
    column->addWidget(m_problem);
    column->addWidget(m_buttonRow);
    column->addWidget(m_editRow);
    column->addWidget(m_body, 1);
    column->addWidget(m_attributesTitle);
    column->addWidget(m_attributes);
    connect(m_save, &QPushButton::clicked, this, &MessagePane::saveWanted);
    connect(m_cancel, &QPushButton::clicked, this, &MessagePane::endEditing);
    m_body->focusProxy()->installEventFilter(this);
    showEditing(false);
    layText();
}

void MessagePane::setTheme(const Theme& theme)
{
    m_body->setTheme(theme);
    m_attributes->setTheme(theme);
}

void MessagePane::setActions(const QList<QAction*>& actions)
{
    m_buttonRow->setActions(actions);
}

void MessagePane::showMessage(const session::MessageView& message, TimePoint now, bool gone)
{
    m_title->setText(text(message.messageId));
    m_title->setToolTip(tr("Message id: %1").arg(m_title->text()));
    QStringList facts;
    if (gone)
        facts << tr("no longer in the queue");
    else
        facts << stateText(message, now);
    facts << tr("sent %1").arg(sentText(message.sentAt, now));
    if (!message.sender.empty())
        facts << tr("from %1").arg(senderText(message));
    if (message.receives > 0)
        facts << (message.receives == 1 ? tr("received once")
                                        : tr("received %1 times").arg(countText(message.receives)));
    if (!message.group.empty())
        facts << tr("group “%1”").arg(text(message.group));
    if (!message.from.empty())
        facts << tr("given up in “%1”").arg(text(message.from));
    const QString said = facts.join(QStringLiteral(" · "));
    if (said != m_facts->text())
        m_facts->setText(said);
    const QString problem = text(message.problem).trimmed();
    if (problem != m_problem->text())
        m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void MessagePane::showText(const session::MessageText& text)
{
    const bool same = m_laid && text.body == m_text.body && text.attributes == m_text.attributes;
    m_text = text;
    if (!m_editing && !same)
        layText();
}

void MessagePane::showProblem(const QString& problem)
{
    m_text = {};
    if (!m_editing) {
        layText();
        m_laid = false;
        m_body->setText(problem);
    }
}

void MessagePane::layText()
{
    m_body->setText(shownBody(m_text.body));
    const bool has = !m_text.attributes.empty() && m_text.attributes != "{}";
    if (has)
        m_attributes->setText(shownBody(m_text.attributes));
    m_attributes->setVisible(has);
    m_attributesTitle->setVisible(has);
    m_laid = true;
}

void MessagePane::showEditing(bool editing)
{
    m_editing = editing;
    m_body->setReadOnly(!editing);
    m_editRow->setVisible(editing);
    m_buttonRow->setVisible(!editing);
}

/// The window has other plans for these keys.
bool MessagePane::eventFilter(QObject* watched, QEvent* event)
{
    const bool overrides = event->type() == QEvent::ShortcutOverride;
    if (m_editing && (overrides || event->type() == QEvent::KeyPress)) {
        auto* key = static_cast<QKeyEvent*>(event);
        const bool saves = key->matches(QKeySequence::Save);
        if (saves || key->key() == Qt::Key_Escape) {
            event->accept();
            if (!overrides && saves)
                Q_EMIT saveWanted();
            else if (!overrides)
                endEditing();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void MessagePane::beginEditing()
{
    if (m_editing)
        return;
    showEditing(true);
    m_body->setFocus(Qt::OtherFocusReason);
}

void MessagePane::endEditing()
{
    if (!m_editing)
        return;
    showEditing(false);
    layText();
}

std::string MessagePane::editedBody() const
{
    const QString now = m_body->text();
    return now == shownBody(m_text.body) ? m_text.body : keptBody(now, m_text.body);
}

} // namespace coldframe::ui

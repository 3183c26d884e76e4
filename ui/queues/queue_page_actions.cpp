// What can be done with a queue and its messages.
#include "ui/queues/queue_page.h"

#include <QAction>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QTabBar>
#include <QTreeView>

#include "ui/queues/message_pane.h"
#include "ui/queues/message_text.h"
#include "ui/queues/send_message_dialog.h"
#include "ui/support/format.h"

namespace coldframe::ui {

void QueuePage::openMenu(const QPoint& at)
{
    QMenu menu(this);
    if (m_list->indexAt(at).isValid()) {
        menu.addActions({m_edit, m_copy, m_sendBack});
        menu.addSeparator();
        menu.addAction(m_remove);
    } else {
        menu.addActions({m_new, m_sendAllBack, m_purge});
    }
    menu.exec(m_list->viewport()->mapToGlobal(at));
}

void QueuePage::lookFor(const QString& messageId)
{
    m_wanted = messageId;
    ++m_number; // a list that was asked for before may lack it
    m_waiting = false;
    ask();
}

void QueuePage::chooseWanted()
{
    if (m_wanted.isEmpty())
        return;
    const std::string wanted = std::exchange(m_wanted, {}).toStdString();
    for (int row = 0; row < m_model.rowCount(); ++row)
        if (m_model.message(row).messageId == wanted) {
            m_list->setCurrentIndex(m_model.index(row, 0));
            m_list->setFocus(Qt::OtherFocusReason);
            return;
        }
    say(Tone::Accent,
        m_depth > kMostListed
            ? tr("The message is not among the oldest %1.").arg(countText(kMostListed))
            : tr("The message is no longer in “%1”: it was dealt with, or given up.").arg(m_name));
}

void QueuePage::newMessage()
{
    if (m_new->isEnabled())
        openSendDialog({.queue = m_name.toStdString()});
}

void QueuePage::sendCopy()
{
    if (!m_copy->isEnabled())
        return;
    const session::MessageText& shown = m_message->shownText();
    openSendDialog({.queue = m_name.toStdString(),
                    .body = shown.body,
                    .attributes = shown.attributes,
                    .group = m_chosen->group});
}

void QueuePage::openSendDialog(session::MessageDraft draft)
{
    const QPointer<SessionPort> port = m_port;
    auto dialog = std::make_unique<SendMessageDialog>(*rules(), std::move(draft), *queues(), this);
    dialog->setTheme(*m_theme);
    // The dialog knows a port of the session: it goes when that does.
    connect(port, &QObject::destroyed, dialog.get(), &QDialog::reject);
    if (dialog->exec() == QDialog::Accepted)
        ask();
}

void QueuePage::edit()
{
    const session::MessageView* message = current();
    if (!message || !m_edit->isEnabled())
        return;
    m_tabs->setCurrentIndex(1);
    if (message->inFlight)
        return say(Tone::Warning,
                   tr("Somebody is at work on the message: it can be edited when it is visible "
                      "again, or when its visibility timeout is over."));
    if (m_message->shownText().body.empty() && message->bytes > 0)
        return; // it is still being read
    m_message->beginEditing();
}

void QueuePage::save()
{
    if (!m_chosen || !queues())
        return;
    const std::string body = m_message->editedBody();
    if (body == m_message->shownText().body)
        return m_message->endEditing();
    session::MessageText edited = m_message->shownText();
    edited.body = body;
    queues()->edit(
        m_chosen->key, body, this, [this, edited, key = m_chosen->key](const Result<void>& done) {
            if (!done)
                return say(Tone::Warning,
                           tr("The message was not changed: %1").arg(text(describe(done.error()))));
            if (!m_chosen || m_chosen->key != key)
                return;
            m_message->showText(edited);
            m_message->endEditing();
            m_list->setFocus(Qt::OtherFocusReason);
            ask();
        });
}

bool QueuePage::ask(const QString& title, const QString& question, const QString& more,
                    const QString& yes)
{
    const quint64 number = m_number;
    const QPointer<SessionPort> port = m_port;
    QMessageBox box(QMessageBox::Question, title, question, QMessageBox::Cancel, this);
    box.setTextFormat(Qt::PlainText);
    box.setInformativeText(more);
    const QPushButton* agreed = box.addButton(yes, QMessageBox::DestructiveRole);
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    return box.clickedButton() == agreed && port && port == m_port && number == m_number;
}

/// One handler for all of them: once the last has answered, it says how many could not be.
QueuePort::DoneHandler QueuePage::countedAnswers(std::size_t asked, const QString& one,
                                                 const QString& many)
{
    struct Count {
        std::size_t left, failed = 0;
        QString why;
    };
    return [this, asked, one, many,
            count = std::make_shared<Count>(Count{asked, 0, {}})](const Result<void>& done) {
        if (!done) {
            ++count->failed;
            count->why = text(describe(done.error()));
        }
        if (--count->left > 0)
            return;
        ask();
        if (count->failed > 0)
            say(Tone::Warning,
                asked == 1 ? one.arg(count->why)
                           : many.arg(countText(count->failed), countText(asked), count->why));
    };
}

void QueuePage::removeSelected()
{
    const std::vector<std::uint64_t> keys = meantKeys();
    if (keys.empty() || !m_remove->isEnabled())
        return;
    const QString question = keys.size() == 1
        ? tr("Delete this message from “%1”?").arg(m_name)
        : tr("Delete %1 messages from “%2”?").arg(countText(keys.size()), m_name);
    if (!ask(tr("Delete"), question, tr("A message that was deleted is gone."), tr("Delete")))
        return;
    const auto done = countedAnswers(keys.size(), tr("The message was not deleted: %1"),
                                     tr("%1 of %2 messages were not deleted: %3"));
    for (const std::uint64_t key : keys)
        queues()->remove(key, this, done);
}

void QueuePage::sendBackSelected()
{
    std::vector<std::uint64_t> keys;
    for (const std::uint64_t key : meantKeys())
        if (const auto row = m_model.find(key); row && !m_model.message(*row).from.empty())
            keys.push_back(key);
    if (keys.empty() || !m_sendBack->isEnabled())
        return;
    const auto done = countedAnswers(keys.size(), tr("The message was not sent back: %1"),
                                     tr("%1 of %2 messages were not sent back: %3"));
    for (const std::uint64_t key : keys)
        queues()->sendBack(key, this, done);
}

void QueuePage::sendAllBack()
{
    if (!m_sendAllBack->isEnabled())
        return;
    queues()->sendAllBack(m_name.toStdString());
    ask();
}

void QueuePage::purge()
{
    const Store* queue = store();
    if (!queue || !m_purge->isEnabled())
        return;
    const auto at = static_cast<std::size_t>(queue - m_snapshot->workspace->stores.data());
    if (at >= m_snapshot->stores.size() || !m_snapshot->stores[at].queue)
        return;
    const engine::QueueCounts counts = m_snapshot->stores[at].queue->now;
    const QString question = counts.depth() == 1
        ? tr("Delete the one message of “%1”?").arg(m_name)
        : tr("Delete all %1 messages of “%2”?").arg(countText(counts.depth()), m_name);
    QString more = tr("They are gone then.");
    if (counts.inFlight > 0)
        more += QLatin1Char(' ')
            + (counts.inFlight == 1 ? tr("Of the one in flight, the attempt at work goes on.")
                                    : tr("Of the %1 in flight, the attempts at work go on.")
                                          .arg(countText(counts.inFlight)));
    if (!ask(tr("Purge"), question, more, tr("Delete all")))
        return;
    queues()->purge(m_name.toStdString());
    ask();
}

} // namespace coldframe::ui

#include "ui/session_bridge/live_queues.h"

#include <QPointer>

#include <utility>

#include "ui/session_bridge/mailbox.h"

namespace coldframe::ui {

namespace {

/// What the live thread may call: the handler runs on the GUI thread, unless `context` is gone.
template <typename Answer>
auto carried(const std::shared_ptr<Mailbox>& mailbox, QObject* context,
             std::function<void(const Answer&)> handler)
{
    return [mailbox, guard = QPointer<QObject>(context),
            handler = std::move(handler)](const Answer& answer) {
        mailbox->post([guard, handler, answer] {
            if (guard && handler)
                handler(answer);
        });
    };
}

} // namespace

LiveQueues::LiveQueues(session::QueueDesk& desk, std::shared_ptr<Mailbox> mailbox)
    : m_desk(desk), m_mailbox(std::move(mailbox))
{ }

void LiveQueues::list(const std::string& queue, std::size_t most, QObject* context,
                      ListHandler done)
{
    m_desk.list(queue, most, carried(m_mailbox, context, std::move(done)));
}

void LiveQueues::read(std::uint64_t key, QObject* context, TextHandler done)
{
    m_desk.read(key, carried(m_mailbox, context, std::move(done)));
}

void LiveQueues::send(session::MessageDraft draft, QObject* context, ReceiptHandler done)
{
    m_desk.send(std::move(draft), carried(m_mailbox, context, std::move(done)));
}

void LiveQueues::edit(std::uint64_t key, std::string body, QObject* context, DoneHandler done)
{
    m_desk.edit(key, std::move(body), carried(m_mailbox, context, std::move(done)));
}

void LiveQueues::remove(std::uint64_t key, QObject* context, DoneHandler done)
{
    m_desk.remove(key, carried(m_mailbox, context, std::move(done)));
}

void LiveQueues::sendBack(std::uint64_t key, QObject* context, DoneHandler done)
{
    m_desk.redrive(key, {}, carried(m_mailbox, context, std::move(done)));
}

void LiveQueues::sendAllBack(const std::string& queue)
{
    m_desk.redriveAll(queue, {});
}

void LiveQueues::purge(const std::string& queue)
{
    m_desk.purge(queue);
}

} // namespace coldframe::ui

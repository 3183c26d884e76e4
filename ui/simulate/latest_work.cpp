#include "ui/simulate/latest_work.h"

#include <utility>

#include "ui/session_bridge/mailbox.h"

namespace coldframe::ui {

LatestWork::LatestWork(QObject* parent)
    : QObject(parent), m_mailbox(std::make_shared<Mailbox>(this))
{ }

LatestWork::~LatestWork()
{
    m_mailbox->close(); // before the worker is waited for, which may be posting just now
}

void LatestWork::start(Work work)
{
    ++m_newest;
    m_next = std::move(work);
    m_stopNext = false;
    if (m_running)
        m_worker.request_stop();
    else
        begin();
}

void LatestWork::stop()
{
    if (m_next)
        m_stopNext = true;
    else if (m_running)
        m_worker.request_stop();
}

void LatestWork::begin()
{
    m_running = true;
    m_worker = std::jthread([this, mailbox = m_mailbox, serial = m_newest,
                             work = std::exchange(m_next, {})](const std::stop_token& stop) {
        const Tell tell = [&](Deed deed) {
            mailbox->post([this, serial, deed = std::move(deed)] {
                if (serial == m_newest)
                    deed();
            });
        };
        mailbox->post([this, serial, found = work(stop, tell)] { ended(found, serial); });
    });
    if (std::exchange(m_stopNext, false))
        m_worker.request_stop();
}

void LatestWork::ended(const Deed& found, quint64 serial)
{
    m_worker = {}; // it is at its end: this takes no time
    m_running = false;
    if (m_next)
        begin();
    else if (found && serial == m_newest)
        found();
}

} // namespace coldframe::ui

#pragma once

#include <memory>

#include "ui/session_bridge/queue_port.h"

namespace coldframe::ui {

class Mailbox;

/// The queues of a real session; brings its callbacks to the GUI thread.
class LiveQueues : public QueuePort {
public:
    LiveQueues(session::QueueDesk& desk, std::shared_ptr<Mailbox> mailbox);

    void list(const std::string& queue, std::size_t most, QObject* context,
              ListHandler done) override;
    void read(std::uint64_t key, QObject* context, TextHandler done) override;
    void send(session::MessageDraft draft, QObject* context, ReceiptHandler done) override;
    void edit(std::uint64_t key, std::string body, QObject* context, DoneHandler done) override;
    void remove(std::uint64_t key, QObject* context, DoneHandler done) override;
    void sendBack(std::uint64_t key, QObject* context, DoneHandler done) override;
    void sendAllBack(const std::string& queue) override;
    void purge(const std::string& queue) override;

private:
    session::QueueDesk& m_desk;
    std::shared_ptr<Mailbox> m_mailbox;
};

} // namespace coldframe::ui

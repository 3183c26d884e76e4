#pragma once

#include <functional>
#include <string>
#include <vector>

#include "session/queue_desk.h"

class QObject;

namespace coldframe::ui {

/// What the window may ask of the queues of a running workspace. As with SessionPort: all calls and
/// all answers are on the GUI thread; an answer is dropped when its `context` is gone by then.
/// Queues are named by their stores. See session::QueueDesk for errors.
class QueuePort {
public:
    virtual ~QueuePort() = default;
    using ListHandler = std::function<void(const std::vector<session::MessageView>&)>;
    using TextHandler = std::function<void(const Result<session::MessageText>&)>;
    using ReceiptHandler = std::function<void(const session::MessageReceipt&)>;
    using DoneHandler = std::function<void(const Result<void>&)>;

    /// The first `most` messages in the order they were sent.
    virtual void list(const std::string& queue, std::size_t most, QObject* context,
                      ListHandler done)
        = 0;
    virtual void read(std::uint64_t key, QObject* context, TextHandler done) = 0;
    virtual void send(session::MessageDraft draft, QObject* context, ReceiptHandler done) = 0;
    virtual void edit(std::uint64_t key, std::string body, QObject* context, DoneHandler done) = 0;
    virtual void remove(std::uint64_t key, QObject* context, DoneHandler done) = 0;
    /// Back to the queue it was given up in.
    virtual void sendBack(std::uint64_t key, QObject* context, DoneHandler done) = 0;
    virtual void sendAllBack(const std::string& queue) = 0;
    virtual void purge(const std::string& queue) = 0;
};

} // namespace coldframe::ui

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "session/message_draft.h"
#include "session/queue_view.h"

namespace coldframe::session {

class Run;

/// What a person does with the queues of a run. All calls may come from any thread and return at
/// once; callbacks run on the live thread and must not block it.
class QueueDesk {
public:
    explicit QueueDesk(Run& run) : m_run(run) { }

    using Done = std::function<void(const Result<void>&)>;

    /// The first `most` messages of a queue in the order they were sent.
    void list(const std::string& queue, std::size_t most,
              std::function<void(std::vector<MessageView>)> done);
    /// One message with its body. Errors: Missing when it is gone.
    void read(std::uint64_t key, std::function<void(const Result<MessageText>&)> done);
    void send(MessageDraft draft, std::function<void(const MessageReceipt&)> done = {});
    /// Errors of these: Missing when it is gone; Conflict while somebody is at work on it.
    void edit(std::uint64_t key, std::string body, Done done = {});
    void remove(std::uint64_t key, Done done = {});
    /// Back to the queue it was given up in when `to` is empty.
    void redrive(std::uint64_t key, const std::string& to, Done done = {});
    /// All that were given up in another queue, each back to its own; or all to `to`.
    void redriveAll(const std::string& from, const std::string& to);
    void purge(const std::string& queue);

private:
    Run& m_run;
};

} // namespace coldframe::session

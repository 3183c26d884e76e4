#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "model/error.h"
#include "model/workspace.h"
#include "session/message_draft.h"
#include "session/outgoing.h"

namespace coldframe::stores {
class FolderStore;
}

namespace coldframe::session {

/// Why something could not be delivered.
struct Trouble {
    Error error;
    /// It would fail again, whatever is done about the place: it is given up, and its record kept.
    /// Else it is tried again until it works: a full disk may be emptied, a table be made.
    bool final = false;
    std::optional<int> retries = std::nullopt; ///< after so many it is final
    Duration wait{}; ///< at least so long until the next try
};

/// Called once, on any thread; nothing: it is delivered and would survive the end of this program.
using Delivered = std::function<void(std::optional<Trouble>)>;

/// What sinks are lent by the run.
struct SinkHands {
    /// Blocking work, off the live thread.
    std::function<void(std::function<void()>)> background;
    /// Work that waits for a database server, which may not answer; on threads of its own.
    std::function<void(std::function<void()>)> withServers;
    int stop = -1; ///< a descriptor, readable once nothing must be waited for any more
    /// An object is about to be written by a chain of so many functions. From any thread.
    std::function<void(const std::string& store, const std::string& key, std::uint32_t hops)>
        writing;
    /// A message for a queue; `done` comes once it is safe there. On the live thread.
    std::function<void(MessageDraft, std::function<void(const MessageReceipt&)> done)> send;
    /// Something the user should know, though all went well. From any thread.
    std::function<void(const Error&)> warn;
    std::filesystem::path folder; ///< of the workspace, with its secrets.env
    bool mayWriteServers = true; ///< false in tests, which write into copies only
    bool sync = false; ///< files are done once they would survive a loss of power
};

/// A place where results and failed events go.
class Sink {
public:
    virtual ~Sink() = default;
    /// On the live thread; returns at once.
    virtual void write(std::shared_ptr<const Outgoing> outgoing, const Destination& destination,
                       Delivered done)
        = 0;
    /// Objects in it. May block.
    virtual std::uint64_t count() const { return 0; }
    /// Of a store that is a folder, once it could be opened.
    virtual std::shared_ptr<const stores::FolderStore> folder() const { return nullptr; }
    /// Why it could not be opened yet.
    virtual std::optional<Error> problem() const { return std::nullopt; }
};

/// The sink for a store, by its kind.
std::shared_ptr<Sink> makeSink(const Store& store, const SinkHands& hands);

} // namespace coldframe::session

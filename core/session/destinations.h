#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "live/event.h"
#include "model/workspace.h"
#include "session/server_writers.h"
#include "session/sink.h"
#include "session/snapshot.h"
#include "stores/folder_store.h"

namespace coldframe::session {

class Run;

/// Where results and failed events go: sinks and functions. What could not be delivered is tried
/// again until it can; the event stays in the journal meanwhile.
class Destinations {
public:
    explicit Destinations(Run& run) : m_run(run) { }
    void adopt(const Workspace& workspace);

    void succeeded(const live::Event& event);
    /// The result of a batch. `kept` is called once it is where it belongs, on the live thread,
    /// maybe at once.
    void deliverResult(const live::Event& event, std::function<void()> kept);
    /// Sends a record of a source's own there. `kept` is called once it is in the store, or has
    /// been handed to the function; on the live thread, maybe at once.
    void keep(const Destination& destination, FunctionId from, std::string payload,
              const std::string& name, std::function<void()> kept);
    void failed(const live::Event& event, const engine::DeadLetter& letter);
    bool busy() const { return m_underWay > 0; }
    void fill(Snapshot& snapshot);
    void beat(); ///< ten times a second
    /// After the live thread has ended: waits for no server any more.
    void close() { m_servers.close(); }

    /// The folders that could be opened, by the name of their store.
    std::map<std::string, std::shared_ptr<const stores::FolderStore>, std::less<>> stores() const;
    /// A function whose chain has run through `hops` functions is about to write this object. From
    /// any thread.
    void expectWrite(const std::string& store, const std::string& key, std::uint32_t hops);
    /// How many functions the chain had run through that wrote this object; 0 when we did not
    /// write it. Forgets it.
    std::uint32_t hopsOf(const std::string& store, const std::string& key);

private:
    struct Place {
        Store store;
        std::shared_ptr<Sink> sink;
        std::string problem; ///< shown until it is over
        std::string told; ///< what it was said to be
        std::uint64_t objects = 0;
    };
    struct Job {
        std::shared_ptr<const Outgoing> outgoing;
        FunctionId function = 0;
        Destination to;
        std::uint64_t journalKey = 0;
        int tries = 0;
        std::function<void()> kept{}; ///< called at the end, of what is in no journal
        std::string told{}; ///< what it failed of last
        int refusals = 0; ///< of `tries`, those that `retries` of the destination are for
    };
    void deliver(const live::Event& event, Outgoing outgoing);
    void invoke(Job job, const std::string& function);
    Place* placeOf(const Destination& destination);
    void send(Job job);
    void ended(Job job, const std::optional<Trouble>& trouble);
    void finish(const Job& job);
    void giveUp(Job job, Error error);
    void tellGivenUp(const Error& error);
    void again(Job job, Duration atLeast);
    void count();

    Run& m_run;
    ServerWriters m_servers;
    std::vector<std::string> m_order; ///< store names, as in the workspace
    std::map<std::string, Place> m_places; ///< by the name of the store
    std::map<std::string, Place> m_addresses; ///< by the address as it is written
    std::mutex m_hopsMutex;
    std::map<std::string, std::uint32_t> m_hops; ///< by "store\0key"; guarded
    std::uint64_t m_givenUp = 0;
    int m_underWay = 0;
    int m_beats = 0;
    bool m_counting = false;
};

} // namespace coldframe::session

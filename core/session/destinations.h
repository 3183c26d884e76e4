#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "live/event.h"
#include "model/workspace.h"
#include "session/snapshot.h"
#include "stores/folder_store.h"

namespace coldframe::session {

class Run;

/// Where results and failed events go: stores and functions. What could not be stored is tried
/// again until it can; the event stays in the journal meanwhile.
class Destinations {
public:
    explicit Destinations(Run& run) : m_run(run) { }
    void adopt(const Workspace& workspace);

    void succeeded(const live::Event& event);
    /// Sends a record of a source's own there. `kept` is called once it is in the store, or has
    /// been handed to the function; on the live thread, maybe at once.
    void keep(const Destination& destination, FunctionId from, std::string payload,
              const std::string& name, std::function<void()> kept);
    void failed(const live::Event& event, const engine::DeadLetter& letter);
    bool busy() const { return m_underWay > 0; }
    void fill(Snapshot& snapshot);
    void beat(); ///< ten times a second

    /// The stores that could be opened, by name.
    std::map<std::string, std::shared_ptr<const stores::FolderStore>, std::less<>> stores() const;
    /// A function whose chain has run through `hops` functions is about to write this object.
    void expectWrite(const std::string& store, const std::string& key, std::uint32_t hops);
    /// How many functions the chain had run through that wrote this object; 0 when we did not
    /// write it. Forgets it.
    std::uint32_t hopsOf(const std::string& store, const std::string& key);

private:
    struct Opened {
        std::shared_ptr<const stores::FolderStore> store;
        std::string problem;
        std::uint64_t objects = 0;
    };
    struct Put {
        std::string store, key, bytes;
        std::uint64_t journalKey = 0;
        int tries = 0;
        std::function<void()> kept{};
    };
    void deliver(const Destination& destination, const live::Event& event, std::string payload);
    void invoke(const std::string& function, const live::Event& event, std::string payload);
    void put(Put put);
    void again(Put put, const Error& error);
    void count();

    Run& m_run;
    std::vector<std::string> m_order; ///< store names, as in the workspace
    std::map<std::string, Opened> m_stores;
    std::map<std::string, std::uint32_t> m_hops; ///< by "store\0key"
    int m_underWay = 0;
    int m_beats = 0;
    bool m_counting = false;
};

} // namespace coldframe::session

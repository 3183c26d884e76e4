#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/event.h"
#include "model/workspace.h"
#include "session/capture.h"
#include "session/snapshot.h"

namespace coldframe::session {

class Run;
class ChangesHub;
class HttpGateway;

/// One trigger under way. On the live thread.
class TriggerRunner {
public:
    virtual ~TriggerRunner() = default;
    virtual void start() = 0;
    virtual void stop() = 0;
    virtual void beat() { }
    virtual void fireNow() { }
    virtual void backfill() { }
    virtual void resume() { }
    /// Of a table whose changes it gets; Missing for others.
    virtual void capture(const CaptureRequest& request, CaptureDone done);
    /// One of its events has ended, for good.
    virtual void ended(const live::Event&) { }
    /// It has events in hand that the engine does not know yet.
    virtual bool busy() const { return false; }
    /// A function is at work on events of it that those of a successor must not overtake; also
    /// after stop(), until they have ended.
    virtual bool atWork() const { return false; }
    /// When it makes its next event by itself, if it knows; while it is started.
    virtual std::optional<TimePoint> nextDue() const { return std::nullopt; }
    virtual void fill(TriggerView& view) const = 0;
};

/// All triggers of the workspace.
class TriggerSet {
public:
    explicit TriggerSet(Run& run);
    ~TriggerSet();

    /// Takes over a new workspace: triggers that did not change go on as they are. One that takes
    /// the place of another starts once that has let go of what both hold, and is no more at work.
    void adopt(const Workspace& workspace);
    void start();
    void stop();
    bool running() const { return m_running; }
    void setEnabled(const std::string& trigger, bool enabled);
    void fireNow(const std::string& trigger);
    void backfill(const std::string& trigger);
    void resume(const std::string& trigger);
    void capture(const CaptureRequest& request, CaptureDone done);
    void beat();
    void ended(const live::Event& event);
    bool busy() const;
    std::optional<TimePoint> nextDue() const; ///< of all that run
    std::int32_t indexOf(const std::string& trigger) const; ///< -1 when unknown
    void fill(Snapshot& snapshot) const;

private:
    struct Item {
        Trigger trigger;
        std::string storeFolder; ///< of a file trigger
        std::unique_ptr<TriggerRunner> runner;
        bool enabled = true;
    };
    Item* find(const std::string& trigger);
    void begin(Item& item);
    void leave(Item item);
    std::unique_ptr<TriggerRunner> makeRunner(const Trigger& trigger, const Workspace& workspace);

    Run& m_run;
    bool m_running = false;
    std::unique_ptr<HttpGateway> m_gateway; ///< outlives the runners
    std::unique_ptr<ChangesHub> m_changes; ///< likewise
    std::vector<Item> m_items; ///< in workspace order
    /// Replaced and stopped, but at work yet; by name.
    std::map<std::string, std::unique_ptr<TriggerRunner>> m_leaving;
};

} // namespace coldframe::session

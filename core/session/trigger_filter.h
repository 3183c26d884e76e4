#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "model/workspace.h"

namespace coldframe::session {

class Run;

/// What becomes of a trigger's events before the engine knows them: those that do not match its
/// filter are counted and left out. On the live thread, but for its judge.
class TriggerFilter {
public:
    TriggerFilter(Run& run, const Trigger& trigger);

    /// Why an event does not go through; nothing when it does. May be called on any thread, and
    /// when the trigger is gone.
    using Judge = std::function<std::optional<std::string>(const std::string& event)>;
    const Judge& judge() const { return m_judge; }

    /// An event goes no further. The first one is told, with its reason; all are counted.
    void leaveOut(const std::string& what, const std::string& why);

private:
    Run& m_run;
    std::string m_trigger;
    Judge m_judge;
    bool m_told = false;
};

} // namespace coldframe::session

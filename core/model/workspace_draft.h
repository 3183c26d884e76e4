#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/handler_detection.h"

namespace coldframe {

/// A function of a proposed workspace, with what triggers it.
struct DraftFunction {
    std::string name;
    DetectedHandler found;
    int memoryMb = 128;
    int timeoutMs = 3000;
    std::map<std::string, std::string> environment;
    std::string trigger; ///< name of the trigger
    std::string source; ///< store of the objects that its event tells of; may be empty
    std::vector<std::string> targets; ///< stores that it seems to write into
    std::string event; ///< JSON that its manual trigger sends; empty: the plain sample

    /// Whether a `schedule` trigger makes its events. It is proposed disabled: nobody knows when it
    /// should run, and what cleans up every night should not do so because it was looked at.
    bool isScheduled() const { return found.reading.event == HandlerEvent::Scheduled; }
    /// Whether a `file` trigger makes its events; those that come through a queue nothing makes
    /// yet.
    bool watches() const { return !source.empty() && found.reading.event != HandlerEvent::S3InSqs; }
};

/// A store that a proposed workspace has; its folder is data/NAME.
struct DraftStore {
    std::string name;
    std::string why; ///< "the code reads its name from DEST_BUCKET", for people
    std::filesystem::path path() const { return std::filesystem::path("data") / name; }
};

/// A workspace as it is proposed: not written, and changed freely.
struct WorkspaceDraft {
    std::string name;
    std::vector<DraftFunction> functions; ///< in the order of the handlers
    std::vector<DraftStore> stores; ///< by first use
    std::vector<std::string> notes; ///< what somebody has to do or to know, each a sentence
};

/// When a proposed schedule fires, once somebody enables it.
inline constexpr const char* kDraftSchedule = "rate(1 day)";

/// The event a function is sent that takes no known event apart.
std::string sampleEvent();

/// Proposes for these handlers: a function each, the stores that their sources name, and a trigger
/// each: of a store where the handler reads events of one, a disabled schedule where it takes the
/// Scheduled Event, else by hand.
WorkspaceDraft draftWorkspace(const std::string& name,
                              const std::vector<DetectedHandler>& handlers);

/// Text of its `coldframe.json`. Two-space indent, keys in the order of docs/WORKSPACE.md; it reads
/// without errors.
std::string textOf(const WorkspaceDraft& draft);

} // namespace coldframe

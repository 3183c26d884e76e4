#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/json_reader.h"
#include "model/workspace.h"
#include "model/workspace_file.h"

// Inside of workspace_file: its parts. Not for other rooms.
namespace coldframe::detail {

/// What every part of the reader needs.
struct WorkspaceSource {
    const JsonText& text;
    std::filesystem::path folder; ///< relative paths start here
    Errors& errors;
};

std::vector<Function> readFunctions(JsonReader& workspace, const WorkspaceSource& source);
std::vector<Store> readStores(JsonReader& workspace, const WorkspaceSource& source);
std::vector<Trigger> readTriggers(JsonReader& workspace, const WorkspaceSource& source);
ScheduleTrigger readSchedule(JsonReader& in);
QueueStore readQueueStore(JsonReader& in);
QueueTrigger readQueueTrigger(JsonReader& in);
StreamTrigger readStream(JsonReader& in, const WorkspaceSource& source);
ChangesTrigger readChanges(JsonReader& in, const WorkspaceSource& source);
/// Reads the list "events": sets those of the words that are in it, and clears the others.
void readEventWords(JsonReader& in, const WorkspaceSource& source,
                    const std::vector<std::pair<const char*, bool*>>& words);

/// Reads the destination at `key` of a function, "onSuccess" or "onFailure".
std::optional<Destination> readDestination(JsonReader& function, const std::string& key,
                                           const WorkspaceSource& source);

/// Reads the path at `key`, relative to the workspace folder, normalised, without a last slash.
std::filesystem::path readPath(JsonReader& in, const std::string& key,
                               const WorkspaceSource& source);
/// Records a name that is not 1 to 64 of A-Z a-z 0-9 _ -
void checkName(const std::string& kind, const JsonMember& member, const std::string& pointer,
               const WorkspaceSource& source);

/// Every function and store that something names is there.
void checkNames(const Workspace& workspace, const JsonText& text, Errors& errors);
/// No two HTTP triggers of one port take the same requests.
void checkRoutes(const Workspace& workspace, const JsonText& text, Errors& errors);
/// What destinations and triggers ask for is what their stores can do.
void checkStoreKinds(const Workspace& workspace, const JsonText& text, Errors& errors);
/// Queues, their dead-letter queues and what reads them go together.
void checkQueues(const Workspace& workspace, const JsonText& text, Errors& errors);
/// Queues whose messages can be used up before a function has seen them.
void warnOfQueues(const Workspace& workspace, const JsonText& text, Errors& warnings);
/// Results that replace one another.
void warnOfReplacing(const Workspace& workspace, const JsonText& text, Errors& warnings);
/// Concurrency limits fit into the account.
void checkConcurrency(const Workspace& workspace, const JsonText& text, Errors& errors);
/// Two stores must not share the variable that tells functions where they are.
void checkStoreVariables(const Workspace& workspace, const JsonText& text, Errors& errors);
/// A handler the runtime will refuse. The platform takes it, and fails each invocation.
void warnOfHandlers(const Workspace& workspace, const JsonText& text, Errors& warnings);
/// Results that start their function again; two triggers for one file.
void warnOfLoops(const Workspace& workspace, const JsonText& text, Errors& errors,
                 Errors& warnings);
void warnOfOverlaps(const Workspace& workspace, const JsonText& text, Errors& warnings);

/// readWorkspace() for a caller that needs the positions afterwards. Reads no disk.
WorkspaceReading readWorkspace(const JsonText& text, const std::filesystem::path& folder);
/// File order: what a person sees when reading from the top.
void sortByPlace(Errors& errors);

/// What only a look at the disk can tell.
void checkOnDisk(const Workspace& workspace, const JsonText& text, WorkspaceReading& reading);
/// Source files that seem to write into the store that triggers their function.
void warnOfWritingSources(const Workspace& workspace, const JsonText& text, Errors& warnings);

/// Whether `path` is `folder` or lies inside it. Both normalised.
bool isWithin(const std::filesystem::path& path, const std::filesystem::path& folder);

} // namespace coldframe::detail

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/destination.h"
#include "model/fidelity.h"
#include "model/http_route.h"
#include "model/ids.h"
#include "model/queue.h"
#include "model/shard_rules.h"
#include "model/time.h"

namespace coldframe {

/// How a function's code is run; see docs/RUNTIMES.md.
enum class Runtime { Python, Node, Lambda, Command };
/// As the workspace file writes it.
std::string_view nameOf(Runtime runtime);

struct AsyncRules {
    int retries = 2; ///< 0…2
    int maxEventAgeS = 21'600; ///< 60…21,600
};

struct Function {
    std::string name;
    Runtime runtime = Runtime::Python;
    std::filesystem::path code; ///< absolute folder
    std::string handler; ///< "module.function"; python and node only
    std::vector<std::string> command; ///< argv; `command` and, optionally, `lambda` ("./bootstrap")
    std::optional<std::filesystem::path> interpreter; ///< python or node to use, absolute
    int memoryMb = 128;
    int timeoutMs = 3'000;
    int ephemeralStorageMb = 512;
    std::map<std::string, std::string> environment; ///< `${env:NAME}` not yet expanded
    std::optional<int> reservedConcurrency;
    int provisionedConcurrency = 0;
    AsyncRules async;
    std::optional<Destination> onSuccess, onFailure;
    std::optional<std::string> inheritAws; ///< profile name; explicit and dangerous
    /// Gone from the file while the workspace is open; keeps its place so that ids stay true.
    bool removed = false;
};

struct FolderStore {
    std::filesystem::path path; ///< absolute
};
struct SqliteStore {
    std::filesystem::path path; ///< absolute, of the file
};
struct PostgresStore {
    /// A URI or `key=value` pairs, as libpq takes them; `${env:NAME}` not yet expanded.
    std::string connection;
};
struct Store {
    std::string name;
    std::variant<FolderStore, SqliteStore, QueueStore, PostgresStore> kind;
};
/// The store's folder or file; empty of one that has neither.
const std::filesystem::path& pathOf(const Store& store);
/// Nothing comes of it for a store that has neither.
void setPath(Store& store, std::filesystem::path path);

/// What a file trigger hands to the handler.
enum class EventShape { S3, EventBridge, CloudEvents, Content, Body };

struct FileTrigger {
    std::string store;
    /// A file that was written over: `onCreated` hears of it as of a new one, as on S3; with
    /// `onModified` alone it is all that is heard of.
    bool onCreated = true, onModified = false, onRemoved = false;
    std::string prefix, suffix; ///< of the key, as on S3
    std::string glob; ///< of the whole key, such as "**/*.csv"; empty: any
    bool recursive = true; ///< false: not what lies in folders below that of the prefix
    bool catchUp = true; ///< what came while the trigger was not running is made up for
    EventShape shape = EventShape::S3;
    int settleMs = 0; ///< wait this long after the last close, for writers that reopen
};
struct ScheduleTrigger {
    std::string expression; ///< "rate(5 minutes)", "cron(0 2 * * ? *)", "at(2026-12-24T18:00:00)"
    std::string timezone = "UTC"; ///< IANA name
    std::string event; ///< JSON handed to the handler; empty: the platform's Scheduled Event
    bool fireMissedOnce = false; ///< onMissed: "fire-once" rather than "skip"
    std::string startsAt, endsAt; ///< "2026-12-24T18:00:00" in `timezone`, or with a Z; or empty
    int flexibleWindowMinutes = 0; ///< 1…1,440; 0: off
};
struct ManualTrigger {
    std::string event; ///< JSON; may be empty
};

/// The payload format a function is called with, as API Gateway and function URLs have it.
enum class HttpPayload { V1, V2 };
struct HttpTrigger {
    HttpRoute route;
    int port = 0; ///< on 127.0.0.1; 0: any free one, shared by all triggers that say so
    HttpPayload payload = HttpPayload::V2;
    int timeoutMs = 30'000; ///< then the caller is answered 504
};

/// A growing file, read line by line like a shard of a stream.
struct StreamTrigger {
    enum class Format { JsonLines, Csv };
    enum class Start { TrimHorizon, Latest };
    enum class Shape { Kinesis, Lines };
    std::filesystem::path path; ///< absolute; it need not be there yet
    Format format = Format::JsonLines;
    Shape shape = Shape::Kinesis;
    Start start = Start::TrimHorizon; ///< where to begin the first time
    std::string partitionKey; ///< field of a row; empty: all rows have one key
    ShardRules shard; ///< how its records are handed over
};

/// Inserted, updated and deleted rows of a table, in the order of commits.
struct ChangesTrigger {
    enum class Shape { DynamoDb, Row };
    std::string store;
    std::string table; ///< of PostgreSQL also "schema.table"
    bool onInsert = true, onModify = true, onRemove = true;
    Shape shape = Shape::DynamoDb;
    StreamTrigger::Start start = StreamTrigger::Start::TrimHorizon; ///< the first time
    ShardRules shard; ///< how its records are handed over
};

struct Trigger {
    std::string name;
    std::string function;
    bool enabled = true;
    /// JSON as it is written: an event pattern, or patterns one of which an event must match.
    /// Empty: all events go through. What patterns may say is known where they are compiled.
    std::string filter;
    std::variant<FileTrigger, ScheduleTrigger, ManualTrigger, HttpTrigger, StreamTrigger,
                 QueueTrigger, ChangesTrigger>
        kind;
};

/// What `coldframe.json` says, checked: every name resolves and every number is in its bounds.
struct Workspace {
    std::filesystem::path folder; ///< absolute
    std::string name;
    std::string platform = "aws-lambda-x86_64"; ///< id of a platform file
    std::uint64_t seed = 1;
    double timeScale = 1.0; ///< divides delivery waits only
    Fidelity fidelity = Fidelity::Desk;
    int accountConcurrency = 0; ///< 0: the platform's default
    std::vector<Function> functions; ///< in file order; a FunctionId is an index here
    std::vector<Store> stores;
    std::vector<Trigger> triggers;
    std::string file; ///< its path as the user wrote it, for messages
    std::string text; ///< the file as read, for the recording and for places in messages

    const Function* findFunction(const std::string& functionName) const;
    const Store* findStore(const std::string& storeName) const;
    const Trigger* findTrigger(const std::string& triggerName) const;
    FunctionId functionId(const std::string& functionName) const; ///< kNoFunction when unknown
};

} // namespace coldframe

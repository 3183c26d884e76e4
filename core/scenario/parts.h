#pragma once

#include <optional>
#include <string>

#include "model/json_reader.h"
#include "scenario/scenario.h"

// The readers of a scenario's parts. Each reads one object and records what is wrong with it.
namespace coldframe::scenario::detail {

struct Source {
    const JsonText& text;
    Errors& errors;
};

/// The member `key` of `in` as a reader; nothing when it is absent or no object (recorded).
std::optional<JsonReader> objectAt(JsonReader& in, const std::string& key, const std::string& what,
                                   const Source& source);

/// Where a "fitted" law's source goes; null: there must be none.
struct FittedFrom {
    std::optional<RecordingRef>* recording = nullptr;
    std::optional<TraceRef>* trace = nullptr;
};
/// A law's own keys; the caller rejects the others.
sim::Law readLaw(JsonReader& in, const Source& source, FittedFrom fitted);
/// A whole object that is a law and nothing else.
sim::Law readPlainLaw(JsonReader& in, const std::string& key, const std::string& what,
                      const Source& source);
RecordingRef readRecordingRef(JsonReader& in);
TraceRef readTraceRef(JsonReader& in);
ArrivalSpec readArrivals(JsonReader& in, const Source& source);
ScenarioFunction readFunction(JsonReader& in, const std::string& name, const Source& source);
PoolSpec readPool(JsonReader& in, const Source& source);
/// The scenario's "backends".
std::vector<sim::BackendRules> readBackends(JsonReader& in, const Source& source);
/// A function's "visits".
std::vector<VisitSpec> readVisits(JsonReader& in, const Source& source);
/// Finds the backends that functions name; records those that are not there.
void findBackends(Scenario& scenario, const Source& source);
/// The scenario's "queues".
std::vector<QueueSpec> readQueues(JsonReader& in, const Source& source);
/// A function's "queue".
ReadSpec readReader(JsonReader& in, const Source& source);
/// Finds the queues that functions and queues name; records what does not go together.
void findQueues(Scenario& scenario, const Source& source);
/// The scenario's "streams".
std::vector<StreamSpec> readStreams(JsonReader& in, const Source& source);
/// Finds the functions that streams name; records what does not go together.
void findStreams(Scenario& scenario, const Source& source);
/// Names stand in tables, paths and files: letters, digits and _ . : -, 140 at most.
bool isName(const std::string& name);
ScalingSpec readScaling(JsonReader& in);
/// The pool's scaling over the platform's. What does not go together is an error.
std::optional<Error> applyScaling(const PoolSpec& pool, engine::Platform& platform,
                                  const JsonText& text);

} // namespace coldframe::scenario::detail

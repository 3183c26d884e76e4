#include <nlohmann/json.hpp>

#include "model/workspace_draft.h"
#include "model/workspace_limits.h"

namespace coldframe {

namespace {

using Json = nlohmann::ordered_json;

/// A leading ~ would be taken for a home folder.
std::string codePath(const DetectedHandler& found)
{
    return found.code.starts_with('~') ? "./" + found.code : found.code;
}

Json functionJson(const DraftFunction& function)
{
    Json json{{"runtime", nameOf(function.found.runtime)}, {"code", codePath(function.found)}};
    if (!function.found.handler.empty())
        json["handler"] = function.found.handler;
    json["memoryMb"] = function.memoryMb;
    json["timeoutMs"] = function.timeoutMs;
    if (!function.environment.empty())
        json["environment"] = function.environment;
    return json;
}

Json triggerJson(const DraftFunction& function)
{
    if (function.watches()) {
        const bool bridge = function.found.reading.event == HandlerEvent::S3InEventBridge;
        return {{"kind", "file"},
                {"store", function.source},
                {"shape", bridge ? "eventbridge" : "s3"},
                {"function", function.name}};
    }
    if (function.isScheduled()) // without an event of its own it gets the Scheduled Event
        return {{"kind", "schedule"},
                {"function", function.name},
                {"enabled", false},
                {"expression", kDraftSchedule}};
    const std::string& event = function.event.empty() ? sampleEvent() : function.event;
    return {{"kind", "manual"}, {"function", function.name}, {"event", Json::parse(event)}};
}

} // namespace

std::string textOf(const WorkspaceDraft& draft)
{
    Json functions = Json::object(), stores = Json::object(), triggers = Json::object();
    for (const DraftStore& store : draft.stores)
        stores[store.name] = {{"kind", "folder"}, {"path", store.path().generic_string()}};
    for (const DraftFunction& function : draft.functions) {
        functions[function.name] = functionJson(function);
        triggers[function.trigger] = triggerJson(function);
    }
    const Json workspace{{"format", kWorkspaceFormat},      {"name", draft.name},
                         {"platform", "aws-lambda-x86_64"}, {"functions", std::move(functions)},
                         {"stores", std::move(stores)},     {"triggers", std::move(triggers)}};
    return workspace.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace coldframe

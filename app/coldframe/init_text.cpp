#include "init_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "session/command_text.h"

namespace coldframe::commands {

namespace {

std::string functionLines(const DraftFunction& function)
{
    const DetectedHandler& found = function.found;
    std::string text = fmt::format(
        "function {}: {} {} in {}, {} MB\n", function.name, nameOf(found.runtime),
        found.handler.empty() ? "bootstrap" : found.handler, found.code, function.memoryMb);
    text += fmt::format("  event: {}\n", describe(found.reading.event));
    for (const auto& [name, value] : function.environment)
        text += fmt::format("  environment: {}={}\n", name, value);
    if (function.isScheduled())
        text += fmt::format("  trigger {}: {}, disabled\n", function.trigger, kDraftSchedule);
    else if (function.watches())
        text += fmt::format("  trigger {}: files that come into the store {}\n", function.trigger,
                            function.source);
    else
        text += fmt::format("  trigger {}: by hand\n", function.trigger);
    return text;
}

nlohmann::ordered_json functionJson(const DraftFunction& function)
{
    return {{"name", function.name},
            {"runtime", nameOf(function.found.runtime)},
            {"code", function.found.code},
            {"handler", function.found.handler},
            {"memoryMb", function.memoryMb},
            {"event", nameOf(function.found.reading.event)},
            {"environment", function.environment},
            {"trigger", function.trigger}};
}

} // namespace

std::string initText(const session::BringPlan& plan,
                     const std::vector<std::filesystem::path>& written)
{
    std::string text;
    for (const DraftFunction& function : plan.draft.functions)
        text += functionLines(function);
    for (const DraftStore& store : plan.draft.stores)
        text += fmt::format("store {}: the folder {} ({})\n", store.name,
                            store.path().generic_string(), store.why);
    for (const auto& file : written)
        text += fmt::format("wrote {}\n", file.string());
    for (const std::string& note : plan.draft.notes)
        text += fmt::format("note: {}\n", note);
    return text
        + fmt::format("next: coldframe test {}{}\n", session::shellWord(plan.folder.string()),
                      plan.lacksExpectation ? " --write-missing" : "");
}

std::string initJson(const session::BringPlan& plan,
                     const std::vector<std::filesystem::path>& written)
{
    nlohmann::ordered_json document{{"functions", nlohmann::json::array()},
                                    {"stores", nlohmann::json::array()},
                                    {"written", nlohmann::json::array()},
                                    {"notes", plan.draft.notes}};
    for (const DraftFunction& function : plan.draft.functions)
        document["functions"].push_back(functionJson(function));
    for (const DraftStore& store : plan.draft.stores)
        document["stores"].push_back(
            {{"name", store.name}, {"path", store.path().generic_string()}, {"why", store.why}});
    for (const auto& file : written)
        document["written"].push_back(file.string());
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

} // namespace coldframe::commands

#include <nlohmann/json.hpp>

#include "model/workspace_draft.h"
#include "model/workspace_limits.h"
#include "session/new_workspace.h"
#include "session/resources.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFunction = "hello";
constexpr const char* kText = "hello from Coldframe\n";

/// Where its code lies below resources/templates, and how a workspace names it.
struct Code {
    const char* folder;
    const char* file;
    const char* runtime;
    const char* handler; ///< nullptr: the file is a program
};

Code codeOf(StarterCode code)
{
    switch (code) {
    case StarterCode::Node:
        return {"node", "index.mjs", "node", "index.handler"};
    case StarterCode::Command:
        return {"command", "hello.sh", "command", nullptr};
    case StarterCode::Bootstrap:
        return {"bootstrap", "bootstrap", "lambda", nullptr};
    case StarterCode::Python:
        break;
    }
    return {"python", "app.py", "python", "app.handler"};
}

Result<Json> eventOf(StarterTrigger trigger, const fs::path& resources)
{
    if (trigger == StarterTrigger::Folder)
        return Json{{"body", kText}, {"isBase64Encoded", false}};
    if (trigger == StarterTrigger::Manual)
        return Json::parse(sampleEvent());
    const fs::path file = resources / "events" / "scheduled.json";
    const Result<std::string> text = readText(file);
    if (!text)
        return tl::unexpected(text.error());
    Json event = Json::parse(*text, nullptr, false);
    if (event.is_discarded())
        return tl::unexpected(Error{Error::Code::Malformed,
                                    "the file is no JSON",
                                    "install Coldframe anew",
                                    file.string(),
                                    {},
                                    0,
                                    0});
    return event;
}

std::string workspaceText(const std::string& name, const Code& code, StarterTrigger trigger,
                          const Json& event)
{
    Json function{{"runtime", code.runtime}, {"code", std::string("functions/") + kFunction}};
    if (code.handler)
        function["handler"] = code.handler;
    else if (std::string(code.runtime) == "command")
        function["command"] = {std::string("./") + code.file};
    function["memoryMb"] = 128;
    function["timeoutMs"] = 3000;
    Json stores = Json::object(), triggers = Json::object();
    if (trigger == StarterTrigger::Folder) {
        function["onSuccess"] = {{"store", "out"}};
        for (const char* store : {"in", "out"})
            stores[store] = {{"kind", "folder"}, {"path", std::string("data/") + store}};
        triggers["on-file"]
            = {{"kind", "file"}, {"store", "in"}, {"shape", "body"}, {"function", kFunction}};
    } else if (trigger == StarterTrigger::Schedule) {
        triggers["every-5-minutes"]
            = {{"kind", "schedule"}, {"expression", "rate(5 minutes)"}, {"function", kFunction}};
    } else {
        triggers["send-hello"] = {{"kind", "manual"}, {"function", kFunction}, {"event", event}};
    }
    const Json workspace{{"format", kWorkspaceFormat},
                         {"name", name},
                         {"platform", "aws-lambda-x86_64"},
                         {"functions", {{kFunction, function}}},
                         {"stores", stores},
                         {"triggers", triggers}};
    return workspace.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace

Result<std::vector<NewFile>> starterFiles(const std::string& name, StarterCode code,
                                          StarterTrigger trigger, const fs::path& resources)
{
    const Code chosen = codeOf(code);
    const Result<std::string> source
        = readText(resources / "templates" / chosen.folder / chosen.file);
    if (!source)
        return tl::unexpected(source.error());
    const Result<Json> event = eventOf(trigger, resources);
    if (!event)
        return tl::unexpected(event.error());
    const Json expected{{"function", kFunction}, {"result", {{"received", *event}}}};
    std::vector<NewFile> files{
        {fs::path("functions") / kFunction / chosen.file, *source, chosen.handler == nullptr},
        {"events/sample.json", event->dump(2) + "\n"},
        {"events/sample.expect.json", expected.dump(2) + "\n"},
        {".gitignore", "/.coldframe/\n__pycache__/\nnode_modules/\nsecrets.env\n"},
    };
    if (trigger == StarterTrigger::Folder)
        files.push_back({"data/in/sample.txt", kText});
    files.push_back({"coldframe.json", workspaceText(name, chosen, trigger, *event)});
    return files;
}

} // namespace coldframe::session

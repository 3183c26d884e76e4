#include <algorithm>

#include <fmt/format.h>

#include "model/variable_references.h"
#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

namespace {

void checkVariableName(JsonReader& in, const std::string& name)
{
    if (std::ranges::find(reservedVariables(), name) != reservedVariables().end())
        in.fail(Error::Code::Conflict, name,
                fmt::format("the variable {} is reserved: the platform sets it itself", name),
                "choose another name");
    else if (name.starts_with("COLDFRAME_"))
        in.fail(Error::Code::Conflict, name,
                fmt::format("the variable {} is reserved: names with COLDFRAME_ tell functions "
                            "about this workspace",
                            name),
                "choose another name");
    else if (!isValidVariableName(name))
        in.fail(Error::Code::Malformed, name,
                fmt::format("\"{}\" is not a name for a variable", name),
                "begin with a letter, then use one or more letters, digits and _");
}

/// The platform measures the variables as one JSON text.
void checkSize(JsonReader& in, const std::map<std::string, std::string>& variables)
{
    const std::size_t measured = environmentBytes(variables);
    if (measured <= kMaxEnvironmentBytes)
        return;
    in.fail(Error::Code::LimitReached, "environment",
            fmt::format("Lambda was unable to configure your environment variables because the "
                        "environment variables you have provided exceeded the 4KB limit. String "
                        "measured: {} bytes",
                        measured),
            "shorten the values, or keep them in a file of the code folder");
}

std::map<std::string, std::string> readEnvironment(JsonReader& in, const WorkspaceSource& source)
{
    std::map<std::string, std::string> variables;
    const std::optional<JsonValue> found = in.value("environment");
    if (!found)
        return variables;
    JsonReader inner(source.text, *found, in.pointer("environment"), "the environment",
                     source.errors);
    if (!inner.valid())
        return variables;
    for (const JsonMember& member : found->members()) {
        checkVariableName(inner, member.key);
        std::string value = inner.string(member.key, {}, {0, 65'536});
        if (const std::optional<std::string> problem = problemInReferences(value))
            inner.fail(Error::Code::Malformed, member.key, *problem,
                       "write ${env:NAME}; a plain ${env: is written $${env:");
        variables.emplace(member.key, std::move(value));
    }
    checkSize(in, variables);
    return variables;
}

bool isScripted(Runtime runtime)
{
    return runtime == Runtime::Python || runtime == Runtime::Node;
}

void readHandler(JsonReader& in, Function& function)
{
    function.handler = in.string("handler", {}, {1, 128});
    if (isScripted(function.runtime))
        in.require("handler", "\"app.process\" is the function process in app.py or app.js");
    if (function.handler.find_first_of(" \t\n\r") != std::string::npos)
        in.fail(Error::Code::Malformed, "handler",
                fmt::format("handler must not contain blanks, got \"{}\"", function.handler));
}

/// Keys that one runtime has and another has not.
void readProgram(JsonReader& in, Function& function, const WorkspaceSource& source)
{
    const auto refuse = [&](const std::string& key, const std::string& runtimes) {
        if (in.has(key))
            in.fail(Error::Code::Conflict, key,
                    fmt::format("{} belongs to the runtimes {}", key, runtimes), "remove it");
    };
    if (function.runtime == Runtime::Command)
        refuse("handler", "python, node and lambda");
    else
        readHandler(in, function);
    if (isScripted(function.runtime)) {
        refuse("command", "command and lambda");
    } else {
        function.command = in.strings("command");
        if (function.runtime == Runtime::Command)
            in.require("command", "such as [\"jq\", \".\"]");
    }
    if (!isScripted(function.runtime))
        refuse("interpreter", "python and node");
    else if (in.has("interpreter"))
        function.interpreter = readPath(in, "interpreter", source);
}

AsyncRules readAsync(JsonReader& in, const WorkspaceSource& source)
{
    AsyncRules rules;
    if (const std::optional<JsonValue> found = in.value("async")) {
        JsonReader inner(source.text, *found, in.pointer("async"), "async", source.errors);
        rules.retries = static_cast<int>(inner.integer("retries", kRetries, rules.retries));
        rules.maxEventAgeS
            = static_cast<int>(inner.integer("maxEventAgeS", kMaxEventAgeS, rules.maxEventAgeS));
        inner.rejectOtherKeys();
    }
    return rules;
}

void readLimits(JsonReader& in, Function& function)
{
    const auto whole = [&](const char* key, IntegerRange range, int fallback) {
        return static_cast<int>(in.integer(key, range, fallback));
    };
    function.memoryMb = whole("memoryMb", kMemoryMb, function.memoryMb);
    function.timeoutMs = whole("timeoutMs", kTimeoutMs, function.timeoutMs);
    function.ephemeralStorageMb
        = whole("ephemeralStorageMb", kEphemeralStorageMb, function.ephemeralStorageMb);
    if (in.has("reservedConcurrency"))
        function.reservedConcurrency = whole("reservedConcurrency", kConcurrency, 0);
    function.provisionedConcurrency = whole("provisionedConcurrency", kConcurrency, 0);
}

Function readFunction(const JsonMember& member, const std::string& pointer,
                      const WorkspaceSource& source)
{
    Function function;
    function.name = member.key;
    checkName("function", member, pointer, source);
    JsonReader in(source.text, member.value, pointer, "a function", source.errors);
    if (!in.valid())
        return function;
    in.require("runtime", "write \"python\", \"node\", \"lambda\" or \"command\"");
    const std::size_t before = source.errors.size();
    function.runtime = in.choice<Runtime>("runtime",
                                          {{"python", Runtime::Python},
                                           {"node", Runtime::Node},
                                           {"lambda", Runtime::Lambda},
                                           {"command", Runtime::Command}},
                                          function.runtime, {"http"});
    const bool runtimeKnown = in.has("runtime") && source.errors.size() == before;
    in.require("code", "name the folder that holds it");
    function.code = readPath(in, "code", source);
    if (runtimeKnown)
        readProgram(in, function, source);
    else // which of these belong here is not known yet
        for (const char* key : {"handler", "command", "interpreter"})
            in.value(key);
    readLimits(in, function);
    function.environment = readEnvironment(in, source);
    function.async = readAsync(in, source);
    function.onSuccess = readDestination(in, "onSuccess", source);
    function.onFailure = readDestination(in, "onFailure", source);
    if (in.has("inheritAws"))
        function.inheritAws = in.string("inheritAws", {}, {1, 256});
    in.rejectOtherKeys();
    return function;
}

} // namespace

std::vector<Function> readFunctions(JsonReader& workspace, const WorkspaceSource& source)
{
    std::vector<Function> functions;
    const std::string base = workspace.pointer("functions");
    for (const JsonMember& member : workspace.members("functions", "functions by name"))
        functions.push_back(readFunction(member, childPointer(base, member.key), source));
    return functions;
}

} // namespace coldframe::detail

#include "model/environment.h"

#include <fmt/format.h>

#include "model/json_reader.h"
#include "model/workspace_file.h"
#include "model/workspace_limits.h"

namespace coldframe {

namespace {

using Variables = std::map<std::string, std::string>;

constexpr const char* kRegion = "us-east-1";

/// What a function may change.
Variables defaults(const EnvironmentContext& context)
{
    const std::string temporary = context.temporaryFolder.string();
    return {
        {"AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"}, // else tracing libraries throw without a daemon
        {"HOME", temporary}, // a handler must not find the user's own files by accident
        // The platform has en_US.UTF-8; this is the UTF-8 locale every Debian system has.
        {"LANG", "C.UTF-8"},
        {"PATH", context.path.empty() ? "/usr/local/bin:/usr/bin:/bin" : context.path},
        {"TMPDIR", temporary},
        {"TZ", ":UTC"},
    };
}

/// Our own stand-ins for services, where SDKs look for them. A function that names an endpoint of
/// its own means that one, and one with the user's real account means the real services.
Variables endpoints(const Function& function, const EnvironmentContext& context)
{
    Variables variables;
    const auto add = [&](const char* name, const std::string& address) {
        if (!address.empty() && !function.environment.contains(name)
            && !function.environment.contains("AWS_ENDPOINT_URL") && !function.inheritAws)
            variables[name] = address;
    };
    add("AWS_ENDPOINT_URL_S3", context.s3Endpoint);
    add("AWS_ENDPOINT_URL_LAMBDA", context.lambdaEndpoint);
    add("AWS_ENDPOINT_URL_SQS", context.sqsEndpoint);
    return variables;
}

/// Keys that no service accepts, and no way to others: neither instance metadata nor the user's
/// configuration files. SDKs find credentials and fail at the service, not while searching.
Variables dummyCredentials(const EnvironmentContext& context)
{
    return {
        {"AWS_ACCESS_KEY_ID", context.accessKey},
        {"AWS_SECRET_ACCESS_KEY", "coldframe-dummy-secret"},
        {"AWS_SESSION_TOKEN", "coldframe-dummy-token"},
        {"AWS_REGION", kRegion},
        {"AWS_DEFAULT_REGION", kRegion},
        {"AWS_CONFIG_FILE", "/dev/null"},
        {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
        {"AWS_EC2_METADATA_DISABLED", "true"},
    };
}

/// The user's own profile, because the workspace asks for it by name. The region is the caller's
/// or the profile's: a default of ours would send requests to the wrong one.
Variables inheritedCredentials(const std::string& profile, const Variables& caller)
{
    Variables inherited{{"AWS_PROFILE", profile}, {"AWS_EC2_METADATA_DISABLED", "true"}};
    for (const char* name : {"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE",
                             "AWS_REGION", "AWS_DEFAULT_REGION", "HOME"})
        // HOME: single sign-on keeps its tokens in ~/.aws, which no variable points at.
        if (const auto found = caller.find(name); found != caller.end())
            inherited.insert(*found);
    return inherited;
}

std::string executionEnvironment(Runtime runtime, const std::string& version)
{
    if (runtime == Runtime::Python)
        return "AWS_Lambda_python" + version;
    return "AWS_Lambda_nodejs" + (version.empty() ? version : version + ".x");
}

Variables reserved(const Workspace& workspace, const Function& function,
                   const EnvironmentContext& context)
{
    Variables fixed{
        // SAM's marker: handlers already branch on it to leave out what needs a real account.
        {"AWS_SAM_LOCAL", "true"},
        {"COLDFRAME", "1"}, // ours, for handlers that want to know which tool it is
        {"AWS_LAMBDA_FUNCTION_NAME", function.name},
        {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(function.memoryMb)},
        {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
        {"AWS_LAMBDA_INITIALIZATION_TYPE",
         context.provisioned ? "provisioned-concurrency" : "on-demand"},
        {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name},
        {"AWS_LAMBDA_LOG_STREAM_NAME", context.logStream},
        {"LAMBDA_TASK_ROOT", function.code.string()},
        {"LAMBDA_RUNTIME_DIR", context.runtimeFolder.string()},
    };
    if (!context.runtimeApi.empty())
        fixed["AWS_LAMBDA_RUNTIME_API"] = context.runtimeApi;
    if (!function.handler.empty())
        fixed["_HANDLER"] = function.handler;
    else if (function.runtime == Runtime::Lambda)
        fixed["_HANDLER"] = "bootstrap"; // always set there; custom runtimes may ignore it
    if (function.runtime == Runtime::Python || function.runtime == Runtime::Node)
        fixed["AWS_EXECUTION_ENV"] = executionEnvironment(function.runtime, context.runtimeVersion);
    for (const Store& store : workspace.stores)
        if (!std::holds_alternative<PostgresStore>(store.kind)) // its password is nobody's by default
            fixed[storeVariable(store.name)] = pathOf(store).string();
    return fixed;
}

std::string environmentPointer(const Function& function)
{
    return childPointer("/functions", function.name) + "/environment";
}

Error missing(const Workspace& workspace, const Function& function, const std::string& variable,
              const std::string& name)
{
    return errorIn(
        workspace, childPointer(environmentPointer(function), variable), Error::Code::Missing,
        fmt::format("the function \"{}\" needs the variable {}, which is not set: its {} "
                    "is made from ${{env:{}}}",
                    function.name, name, variable, name),
        fmt::format("export {} before starting Coldframe, or write {}=… into "
                    "secrets.env beside coldframe.json",
                    name, name));
}

/// The function's own variables, filled in; what cannot be goes into `errors`.
Variables expanded(const Workspace& workspace, const Function& function,
                   const VariableLookup& lookup, std::vector<Error>& errors)
{
    Variables variables;
    for (const auto& [name, value] : function.environment) {
        tl::expected<std::string, std::string> text = expandReferences(value, lookup);
        if (!text)
            errors.push_back(missing(workspace, function, name, text.error()));
        else if (text->find('\0') != std::string::npos)
            errors.push_back(errorIn(workspace, childPointer(environmentPointer(function), name),
                                     Error::Code::Malformed,
                                     fmt::format("the value of {} holds a NUL byte", name),
                                     "variables cannot hold one"));
        else
            variables.emplace(name, std::move(*text));
    }
    const std::size_t bytes = environmentBytes(variables);
    if (errors.empty() && bytes > kMaxEnvironmentBytes)
        errors.push_back(
            errorIn(workspace, environmentPointer(function), Error::Code::LimitReached,
                    fmt::format("the variables of \"{}\" measure {} bytes with their secrets "
                                "filled in; the platform takes {}",
                                function.name, bytes, kMaxEnvironmentBytes),
                    "shorten them, or keep long values in a file of the code folder"));
    return variables;
}

void overlay(Variables& variables, const Variables& layer)
{
    for (const auto& [name, value] : layer)
        variables[name] = value;
}

} // namespace

std::string storeVariable(const std::string& storeName)
{
    std::string variable = "COLDFRAME_STORE_";
    for (const char c : storeName) {
        const bool lower = c >= 'a' && c <= 'z';
        variable += lower ? static_cast<char>(c - 'a' + 'A') : c == '-' ? '_' : c;
    }
    return variable;
}

std::vector<std::string> secretVariables(const Function& function)
{
    std::vector<std::string> names;
    for (const auto& [name, value] : function.environment)
        if (!referencesIn(value).empty())
            names.push_back(name);
    return names;
}

std::vector<Error> environmentProblems(const Workspace& workspace, const Function& function,
                                       const VariableLookup& lookup)
{
    std::vector<Error> errors;
    expanded(workspace, function, lookup, errors);
    const auto check = [&](const std::optional<Destination>& destination, const char* way) {
        if (!destination)
            return;
        for (const DestinationText& text : textsWithVariables(*destination))
            if (const auto whole = expandReferences(text.text, lookup); !whole)
                errors.push_back(errorIn(
                    workspace, childPointer("/functions", function.name) + way + text.pointer,
                    Error::Code::Missing,
                    fmt::format("the destination of \"{}\" needs the variable {}, which is not set",
                                function.name, whole.error()),
                    fmt::format("export {0} before starting Coldframe, or write {0}=… into "
                                "secrets.env beside coldframe.json",
                                whole.error())));
    };
    check(function.onSuccess, "/onSuccess");
    check(function.onFailure, "/onFailure");
    return errors;
}

Result<std::vector<std::string>> functionEnvironment(const Workspace& workspace,
                                                     const Function& function,
                                                     const EnvironmentContext& context)
{
    std::vector<Error> errors;
    const Variables own = expanded(workspace, function, context.lookup, errors);
    if (!errors.empty())
        return tl::unexpected(errors.front());
    Variables variables = defaults(context);
    overlay(variables, own);
    overlay(variables, endpoints(function, context));
    overlay(variables,
            function.inheritAws
                ? inheritedCredentials(*function.inheritAws, context.callerVariables)
                : dummyCredentials(context));
    overlay(variables, reserved(workspace, function, context));
    std::vector<std::string> environment;
    for (const auto& [name, value] : variables)
        environment.push_back(name + '=' + value);
    return environment;
}

} // namespace coldframe

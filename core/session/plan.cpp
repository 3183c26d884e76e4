#include "session/plan.h"

#include <algorithm>
#include <cstdlib>
#include <random>

#include <fmt/format.h>

#include "engine/live_rules.h"
#include "engine/platform_file.h"
#include "live/runtime_launch.h"
#include "model/environment.h"
#include "session/debugging.h"
#include "session/resources.h"
#include "session/secrets.h"
#include "session/store_accounts.h"
#include "session/variable_source.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

/// FNV-1a over everything an instance is made from: another value means another instance.
std::uint64_t fingerprintOf(const std::vector<std::string>& parts)
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const std::string& part : parts)
        for (const char c : part + '\0')
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

std::string logStream()
{
    // Plans are made on one thread while instances start on another.
    thread_local std::mt19937_64 random{std::random_device{}()};
    const std::time_t now = std::time(nullptr);
    std::tm day{};
    gmtime_r(&now, &day);
    return fmt::format("{:04}/{:02}/{:02}/[$LATEST]{:016x}{:016x}", day.tm_year + 1900,
                       day.tm_mon + 1, day.tm_mday, random(), random());
}

/// 0 when the memory buys a whole core or more, or the platform does not tie one to the other.
std::uint32_t shareOfACore(std::uint32_t memoryMb, std::uint32_t mbPerVcpu)
{
    if (mbPerVcpu == 0 || memoryMb >= mbPerVcpu)
        return 0;
    return static_cast<std::uint32_t>(std::uint64_t{1'000'000} * memoryMb / mbPerVcpu);
}

engine::FunctionRules rulesOf(const Function& function)
{
    engine::FunctionRules rules;
    rules.memoryMb = static_cast<std::uint32_t>(function.memoryMb);
    rules.timeout = std::chrono::milliseconds(function.timeoutMs);
    if (function.reservedConcurrency)
        rules.reserved = static_cast<std::uint32_t>(*function.reservedConcurrency);
    rules.provisioned = static_cast<std::uint32_t>(function.provisionedConcurrency);
    rules.retries = static_cast<std::uint32_t>(function.async.retries);
    rules.maxEventAge = std::chrono::seconds(function.async.maxEventAgeS);
    rules.removed = function.removed;
    return rules;
}

} // namespace

class Planner {
public:
    Planner(const Workspace& workspace, const PlanContext& context)
        : m_workspace(std::make_shared<Workspace>(workspace)), m_context(context)
    { }

    Result<Plan> make()
    {
        if (auto read = readRules(); !read)
            return tl::unexpected(read.error());
        if (auto read = readSecrets(); !read)
            return tl::unexpected(read.error());
        const char* path = std::getenv("PATH");
        m_path = path ? path : "/usr/local/bin:/usr/bin:/bin";
        m_plan.configuration.seed = m_workspace->seed;
        m_plan.configuration.timeScale = m_workspace->timeScale;
        m_plan.configuration.fidelity = m_context.fidelity.value_or(m_workspace->fidelity);
        for (const Function& function : m_workspace->functions)
            addFunction(function);
        return std::move(m_plan);
    }

private:
    Result<void> readRules()
    {
        const fs::path file = platformFile(m_context.resources, m_workspace->platform);
        auto text = readText(file);
        if (!text)
            return tl::unexpected(text.error());
        auto platform = engine::readPlatform(*text, file.string());
        if (!platform)
            return tl::unexpected(platform.error());
        if (auto problem = engine::onlySimulated(*platform)) {
            problem->file = file.string();
            return tl::unexpected(std::move(*problem));
        }
        auto details = engine::readPlatformDetails(*text, file.string());
        if (details && details->architecture == "arm64")
            m_plan.architecture = cost::Architecture::Arm64;
        m_plan.configuration.platform = std::move(*platform);
        m_plan.platformText = std::move(*text);
        if (m_workspace->accountConcurrency > 0)
            m_plan.configuration.platform.accountConcurrency
                = static_cast<std::uint32_t>(m_workspace->accountConcurrency);

        const fs::path prices
            = m_context.resources / "prices" / (m_plan.configuration.platform.priceBook + ".json");
        text = readText(prices);
        if (!text)
            return tl::unexpected(text.error());
        auto book = cost::readPriceBook(*text, prices.string());
        if (!book)
            return tl::unexpected(book.error());
        m_plan.prices = std::move(*book);
        m_plan.pricesText = std::move(*text);
        return {};
    }

    Result<void> readSecrets()
    {
        auto secrets = readVariables(m_workspace->folder);
        if (!secrets)
            return tl::unexpected(secrets.error());
        m_secrets = std::make_shared<const VariableSource>(std::move(*secrets));
        return {};
    }

    /// A function that cannot be set up is reported and refuses to start; the others run.
    void addFunction(const Function& function)
    {
        engine::FunctionRules rules = rulesOf(function);
        auto settings = std::make_shared<live::HostSettings>();
        settings->functionName = function.name;
        settings->functionArn = "arn:aws:lambda:us-east-1:000000000000:function:" + function.name;
        settings->command = function.runtime == Runtime::Command;
        settings->debugger = debuggerOf(function.runtime);
        settings->workingFolder = function.code.string();
        settings->temporaryRoot = m_context.temporaryRoot.string();
        settings->memoryMb = rules.memoryMb;
        const engine::Platform& platform = m_plan.configuration.platform;
        settings->limits = {platform.maxResponseBytes, platform.maxStreamBytes};
        if (m_plan.configuration.fidelity == Fidelity::Platform) {
            settings->cpuShareMillionths = shareOfACore(rules.memoryMb, platform.mbPerVcpu);
            settings->sandboxWait = platform.sandbox;
        }
        if (!m_context.trusted) { // not even its interpreter, which may be a script of its own
            rules.provisioned = 0;
            settings->notStartable = kNotTrusted;
        } else if (!function.removed) {
            auto launch = live::runtimeLaunch(*m_workspace, function,
                                              m_context.resources / "runtimes", m_path);
            if (launch) {
                settings->argv = launch->argv;
                addEnvironment(*settings, function, launch->version);
            } else {
                m_plan.problems.push_back(launch.error());
                settings->argv = {"/nonexistent-interpreter"};
                settings->notStartable = describe(launch.error());
            }
        }
        if (!settings->environment)
            settings->environment
                = [](const live::InstanceDetails&) { return std::vector<std::string>(); };
        std::vector<std::string> parts = settings->environment({});
        parts.insert(parts.end(), settings->argv.begin(), settings->argv.end());
        parts.push_back(settings->workingFolder);
        parts.push_back(std::to_string(settings->memoryMb));
        parts.push_back(std::to_string(settings->cpuShareMillionths));
        std::erase_if(parts, [](const std::string& part) {
            return part.starts_with("AWS_LAMBDA_LOG_STREAM_NAME=");
        });
        rules.instanceKey = fingerprintOf(parts);
        m_plan.secrets.push_back(secretsOf(*m_workspace, function));
        m_plan.configuration.functions.push_back(rules);
        m_plan.hosts.push_back(std::move(settings));
    }

    void addEnvironment(live::HostSettings& settings, const Function& function,
                        const std::string& version)
    {
        EnvironmentContext base;
        base.runtimeFolder = m_context.resources / "runtimes";
        base.runtimeVersion = version;
        base.path = m_path;
        base.lookup = [secrets = m_secrets](const std::string& name) { return (*secrets)(name); };
        base.callerVariables = m_secrets->fromCaller;
        base.s3Endpoint = m_context.s3Endpoint;
        base.lambdaEndpoint = m_context.lambdaEndpoint;
        base.sqsEndpoint = m_context.sqsEndpoint;
        auto first = functionEnvironment(*m_workspace, function, base);
        if (!first) {
            m_plan.problems.push_back(first.error());
            settings.notStartable = describe(first.error());
            return;
        }
        settings.environment
            = [workspace = m_workspace, function, base](const live::InstanceDetails& instance) {
                  EnvironmentContext own = base;
                  own.runtimeApi = instance.runtimeApi;
                  own.temporaryFolder = instance.temporaryFolder;
                  own.accessKey = accessKeyOf(instance.serial);
                  own.logStream = logStream();
                  own.provisioned = instance.provisioned;
                  return functionEnvironment(*workspace, function, own)
                      .value_or(std::vector<std::string>());
              };
    }

    std::shared_ptr<Workspace> m_workspace;
    const PlanContext& m_context;
    std::string m_path;
    std::shared_ptr<const VariableSource> m_secrets;
    Plan m_plan;
};

Result<Plan> makePlan(const Workspace& workspace, const PlanContext& context)
{
    return Planner(workspace, context).make();
}

Workspace keepPlaces(Workspace fresh, const Workspace& before)
{
    std::vector<Function> placed;
    for (const Function& old : before.functions) {
        const auto it = std::ranges::find(fresh.functions, old.name, &Function::name);
        placed.push_back(it != fresh.functions.end() ? *it : old);
        placed.back().removed = it == fresh.functions.end();
    }
    for (Function& function : fresh.functions)
        if (before.functionId(function.name) == kNoFunction)
            placed.push_back(std::move(function));
    fresh.functions = std::move(placed);
    return fresh;
}

} // namespace coldframe::session

#pragma once

#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include "live/driver.h"
#include "process/host.h"

namespace coldframe::live::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// What came of one attempt.
struct Attempt {
    engine::Meter meter;
    AttemptReport report;
    std::string payload() const { return *report.payload; }
};

/// A driver with real processes, run by the test's own thread, and all that its observer is told.
class DriverBench final : public Observer {
public:
    explicit DriverBench(std::uint32_t deskSlots = 100)
    {
        process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
        process::becomeSubreaper();
        std::string name = (fs::temp_directory_path() / "coldframe-driver-XXXXXX").string();
        folder = mkdtemp(name.data());
        fs::create_directories(folder / "tmp");
        driver = std::make_unique<Driver>(io, Clock(), deskSlots, *this);
        engine::Platform& p = configuration.platform;
        p.keepAlive.survival = {{300s, 0}};
        p.initLimit = 10s;
        p.retryDelays = {10ms, 10ms};
        p.billingStep = 1ms;
        p.mbPerVcpu = 1769;
    }
    ~DriverBench() override
    {
        close();
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }

    /// Adds a Python function of this source; call configure() after the last.
    FunctionId python(const std::string& source, std::uint32_t memoryMb = 512,
                      Duration timeout = 60s)
    {
        const std::string name = "f" + std::to_string(m_hosts.size());
        write(name, source);
        auto settings = std::make_shared<HostSettings>();
        settings->argv = {"/usr/bin/python3", "-B",
                          COLDFRAME_SOURCE_DIR "/resources/runtimes/python/coldframe_runtime.py"};
        settings->environment = [task = (folder / name).string()](const InstanceDetails& own) {
            return std::vector<std::string>{"PATH=/usr/bin:/bin",
                                            "_HANDLER=app.handler",
                                            "LAMBDA_TASK_ROOT=" + task,
                                            "AWS_LAMBDA_RUNTIME_API=" + own.runtimeApi,
                                            "AWS_LAMBDA_FUNCTION_NAME=f",
                                            "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
                                            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
                                            "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/f",
                                            "AWS_LAMBDA_LOG_STREAM_NAME=s",
                                            "AWS_REGION=us-east-1",
                                            "TMPDIR=" + own.temporaryFolder};
        };
        return add(std::move(settings), name, memoryMb, timeout);
    }
    FunctionId command(std::vector<std::string> argv, const std::string& notStartable = {})
    {
        const std::string name = "f" + std::to_string(m_hosts.size());
        fs::create_directories(folder / name);
        auto settings = std::make_shared<HostSettings>();
        settings->command = true;
        settings->argv = std::move(argv);
        settings->notStartable = notStartable;
        settings->environment = [mark = folder.string()](const InstanceDetails&) {
            return std::vector<std::string>{"PATH=/usr/bin:/bin", "COLDFRAME_TEST=" + mark};
        };
        return add(std::move(settings), name, 512, 60s);
    }
    FunctionId add(std::shared_ptr<HostSettings> settings, const std::string& name,
                   std::uint32_t memoryMb = 512, Duration timeout = 60s)
    {
        settings->functionName = name;
        settings->functionArn = "arn:aws:lambda:us-east-1:000000000000:function:" + name;
        settings->workingFolder = (folder / name).string();
        settings->temporaryRoot = (folder / "tmp").string();
        settings->memoryMb = memoryMb;
        configuration.functions.push_back(
            {.memoryMb = memoryMb, .timeout = timeout, .maxEventAge = 6h});
        m_hosts.push_back(std::move(settings));
        return static_cast<FunctionId>(m_hosts.size() - 1);
    }
    /// Of a function that was added; before configure().
    HostSettings& host(FunctionId function) { return *m_hosts[function]; }
    void configure() { driver->configure(configuration, {m_hosts.begin(), m_hosts.end()}); }

    void write(const std::string& name, const std::string& source) const
    {
        fs::create_directories(folder / name);
        std::ofstream(folder / name / "app.py") << source;
    }
    std::string read(const std::string& file) const
    {
        std::ifstream in(folder / file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    void send(const std::string& body, FunctionId function = 0,
              engine::Delivery delivery = engine::Delivery::Sync)
    {
        Event event;
        event.requestId = "request-" + std::to_string(++m_sent);
        event.body = std::make_shared<const std::string>(body);
        driver->send(function, delivery, std::move(event));
    }
    /// Sends an event and waits for how it ended.
    Attempt call(const std::string& body = "{}", FunctionId function = 0)
    {
        const std::size_t before = attempts.size();
        send(body, function);
        until([&] { return attempts.size() > before; }, "the answer to " + body);
        return attempts.size() > before ? attempts.back() : Attempt{};
    }
    std::vector<Attempt> wait(std::size_t count)
    {
        until([&] { return attempts.size() >= count; }, std::to_string(count) + " answers");
        return attempts;
    }

    /// Runs the event loop, one handler at a time, until the condition holds.
    void until(const std::function<bool()>& condition, const std::string& what)
    {
        const auto end = std::chrono::steady_clock::now() + 60s;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                FAIL() << "waited in vain for " << what;
            io.restart();
            io.run_one_for(20ms);
        }
    }
    void close()
    {
        if (!driver)
            return;
        bool closed = false;
        driver->close([&] { closed = true; });
        until([&] { return closed; }, "the end of every process");
        driver.reset();
        io.restart();
        io.run_for(1ms); // what is left to be collected
    }
    /// Processes that belong to this test, wherever they have gone; zombies have no environment.
    std::vector<pid_t> processes() const
    {
        std::vector<pid_t> found;
        for (const auto& entry : fs::directory_iterator("/proc")) {
            const std::string pid = entry.path().filename();
            if (pid.find_first_not_of("0123456789") != std::string::npos
                || pid == std::to_string(::getpid()))
                continue;
            std::ifstream in(entry.path() / "environ", std::ios::binary);
            std::ostringstream text; // no iterator: the process may end meanwhile, and that throws
            text << in.rdbuf();
            const std::string environment = text.str();
            if (environment.find(folder.string()) != std::string::npos)
                found.push_back(std::stoi(pid));
        }
        return found;
    }

    void stepped(TimePoint, const engine::Input&, std::span<const engine::Action> actions) override
    {
        for (const engine::Action& action : actions)
            if (const auto* start = std::get_if<engine::Start>(&action))
                starts.push_back(start->reason.why);
    }
    void configured(const engine::Configuration&) override { }
    void persist(Event& event) override { driver->persisted(event.id); }
    void attempt(const engine::Meter& meter, Event&, AttemptReport& report) override
    {
        attempts.push_back({meter, report});
    }
    void rejected(const engine::Reject&, Event&) override { told.push_back("rejected"); }
    void released(const engine::Release&, Event&) override { told.push_back("released"); }
    void delivered(const engine::Deliver&, Event&) override { tell("delivered"); }
    void deadLettered(const engine::DeadLetter&, Event&) override { tell("dead letter"); }
    void ended(Event&, bool succeeded) override { tell(succeeded ? "ended well" : "ended badly"); }

    boost::asio::io_context io{1};
    fs::path folder;
    engine::Configuration configuration;
    std::unique_ptr<Driver> driver;
    std::vector<Attempt> attempts;
    std::vector<engine::Why> starts;
    std::vector<std::string> told;
    std::map<std::string, std::function<void()>>
        once; ///< done when that is told for the first time

private:
    void tell(const char* what)
    {
        told.emplace_back(what);
        if (auto found = once.extract(what))
            found.mapped()();
    }

    std::vector<std::shared_ptr<HostSettings>> m_hosts;
    int m_sent = 0;
};

} // namespace coldframe::live::test

#include "session/test_run.h"

#include <condition_variable>
#include <memory>
#include <mutex>

#include "model/secret_mask.h"
#include "model/text_file.h"
#include "session/secrets.h"
#include "session/state_folder.h"
#include "session/test_stores.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

/// Ten times what any platform takes; it says the exact limit itself.
constexpr std::size_t kMaxEventBytes = 64u << 20;

/// What platforms accept (a key used twice, for one) is sent; what is no JSON gets a place.
Result<std::string> readEvent(const fs::path& file)
{
    auto text = readTextFile(file, kMaxEventBytes);
    if (!text)
        return text;
    if (auto parsed = parseJson(*text, file.string());
        !parsed && parsed.error().code == Error::Code::Malformed)
        return tl::unexpected(parsed.error());
    return text;
}

/// Where the answer arrives: shared, as it may still come while the session closes.
struct Box {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::optional<Answer> answer;
};

/// Nothing when it was stopped first.
std::optional<Answer> ask(Session& session, const std::string& function, std::string event,
                          const std::stop_token& stop)
{
    const auto box = std::make_shared<Box>();
    session.send({.function = function, .event = std::move(event), .trigger = "test"},
                 [box](const Answer& answer) {
                     const std::lock_guard lock(box->mutex);
                     box->answer = answer;
                     box->changed.notify_all();
                 });
    std::unique_lock lock(box->mutex);
    box->changed.wait(lock, stop, [&] { return box->answer.has_value(); });
    return box->answer;
}

check::Observed observe(const Answer& answer, const TestStores& stores)
{
    check::Observed observed;
    observed.status = statusOf(answer);
    observed.payload = answer.payload;
    observed.log = answer.log;
    observed.initialised = answer.cold;
    observed.platform = answer.platform;
    observed.init = answer.init;
    observed.cost = answer.cost;
    observed.written = stores.written();
    return observed;
}

/// One test in a folder of its own, which is removed with it.
class OneTest {
public:
    OneTest(const Workspace& workspace, const TestCase& test, const TestOptions& options)
        : m_workspace(workspace), m_test(test), m_options(options)
    { }

    TestResult run()
    {
        const Clock::time_point begin = Clock::now();
        if (auto ran = attempt(); !ran) {
            m_result.outcome = TestOutcome::Broken;
            m_result.error = ran.error();
        }
        m_result.took = Clock::now() - begin;
        return std::move(m_result);
    }

private:
    Result<void> attempt()
    {
        if (!m_test.errors.empty())
            return tl::unexpected(m_test.errors.front());
        auto event = readEvent(m_test.event);
        if (!event)
            return tl::unexpected(event.error());
        if (m_test.function.empty())
            return tl::unexpected(check::functionFor(m_test.name, nullptr, m_workspace).error());
        auto folder = StateFolder::makePrivate();
        if (!folder)
            return tl::unexpected(folder.error());
        auto stores = TestStores::make(m_workspace, (*folder)->path() / "stores", given());
        if (!stores)
            return tl::unexpected(stores.error());
        const auto answer = call((*folder)->path() / "state", stores->folder(), std::move(*event));
        if (!answer)
            return tl::unexpected(answer.error());
        if (*answer) {
            judge(**answer, *stores);
            mask();
        }
        return {};
    }

    std::map<std::string, fs::path> given() const
    {
        std::map<std::string, fs::path> folders;
        if (m_test.expectation)
            for (const auto& [store, path] : m_test.expectation->given)
                folders[store] = m_test.expectationFile.parent_path() / path;
        return folders;
    }

    /// The session has ended when this returns, so nothing writes into the stores any more.
    Result<std::optional<Answer>> call(const fs::path& state, const fs::path& stores,
                                       std::string event) const
    {
        auto session = Session::open(
            {.workspace = m_options.workspace.empty() ? m_workspace.folder : m_options.workspace,
             .state = state,
             .fidelity = Fidelity::Desk, // times without waits for a core
             .record = false,
             .trusted = m_options.trusted,
             .resources = m_options.resources,
             .stores = stores,
             .reload = false});
        if (!session)
            return tl::unexpected(session.error());
        auto answer = ask(**session, m_test.function, std::move(event), m_options.stop);
        if (answer && answer->refused)
            return tl::unexpected(*answer->refused);
        return answer;
    }

    void judge(const Answer& answer, const TestStores& stores)
    {
        m_result.answer = answer;
        m_result.observed = observe(answer, stores);
        if (!m_test.expectation) {
            m_result.outcome = TestOutcome::NothingExpected;
            return;
        }
        m_result.observed.read
            = [&](const check::WrittenObject& object) { return stores.read(object); };
        m_result.mismatches = check::judge(*m_test.expectation, m_result.observed);
        m_result.observed.read = nullptr;
        m_result.outcome = m_result.mismatches.empty() ? TestOutcome::Passed : TestOutcome::Failed;
    }

    /// Once judged: results are reports, which others see.
    void mask()
    {
        const FunctionId id = m_workspace.functionId(m_test.function);
        if (id == kNoFunction)
            return;
        const std::vector<std::string> secrets = secretsOf(m_workspace, m_workspace.functions[id]);
        const auto masked = [&](std::string& text) {
            if (!secrets.empty())
                text = maskSecrets(std::move(text), secrets);
        };
        for (std::string* text : {&m_result.answer.payload, &m_result.answer.log,
                                  &m_result.observed.payload, &m_result.observed.log})
            masked(*text);
        for (check::Mismatch& mismatch : m_result.mismatches) {
            masked(mismatch.got);
            masked(mismatch.sentence);
        }
    }

    const Workspace& m_workspace;
    const TestCase& m_test;
    const TestOptions& m_options;
    TestResult m_result;
};

} // namespace

std::vector<TestResult> runTests(const Workspace& workspace, const std::vector<TestCase>& tests,
                                 const TestOptions& options)
{
    std::vector<TestResult> results(tests.size());
    for (std::size_t i = 0; i < tests.size() && !options.stop.stop_requested(); ++i) {
        if (options.onStarted)
            options.onStarted(i);
        results[i] = OneTest(workspace, tests[i], options).run();
        if (options.onEnded)
            options.onEnded(i, results[i]);
    }
    return results;
}

check::Status statusOf(const Answer& answer)
{
    using engine::Outcome;
    if (answer.throttled)
        return check::Status::Throttled;
    switch (answer.outcome) {
    case Outcome::Succeeded:
        return check::Status::Succeeded;
    case Outcome::FunctionError:
        return check::Status::FunctionError;
    case Outcome::TimedOut:
        return check::Status::Timeout;
    case Outcome::Crashed:
        return check::Status::Crashed;
    case Outcome::OutOfMemory:
        return check::Status::OutOfMemory;
    case Outcome::InitError:
        return check::Status::InitError;
    case Outcome::ResponseTooLarge:
        return check::Status::ResponseTooLarge;
    case Outcome::InvalidResponse:
        return check::Status::InvalidResponse;
    case Outcome::Cancelled:
        break;
    }
    return check::Status::Cancelled;
}

} // namespace coldframe::session

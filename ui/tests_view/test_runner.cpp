#include "ui/tests_view/test_runner.h"

#include <utility>

#include "session/trust.h"
#include "ui/session_bridge/mailbox.h"
#include "ui/support/format.h"
#include "ui/support/resources.h"

namespace coldframe::ui {

namespace {

/// Those of the names, or all, that have something to be judged by.
std::vector<session::TestCase> chosenOf(const std::vector<session::TestCase>& tests,
                                        const QSet<QString>& names)
{
    std::vector<session::TestCase> chosen;
    for (const session::TestCase& test : tests)
        if ((test.expectation || !test.errors.empty())
            && (names.isEmpty() || names.contains(text(test.name))))
            chosen.push_back(test);
    return chosen;
}

/// What the window shows of a result. Payloads and logs of thousands of tests would fill memory.
TestResultPtr kept(const session::TestResult& result)
{
    auto copy = std::make_shared<session::TestResult>(result);
    copy->answer.payload.clear();
    copy->answer.log.clear();
    copy->observed = {};
    return copy;
}

} // namespace

TestRunner::TestRunner(QObject* parent) : QObject(parent) { }

TestRunner::~TestRunner()
{
    blockSignals(true); // who listens may be half gone, too
    setPort(nullptr);
}

void TestRunner::setPort(SessionPort* port)
{
    if (m_mailbox)
        m_mailbox->close(); // before the worker is waited for, which may be posting just now
    m_worker = {}; // stops it and waits
    m_receiver.reset(); // with what it was told and has not heard yet
    m_next.reset();
    m_working = false;
    setRunning(false);
    m_port = port;
    if (!port)
        return;
    m_receiver = std::make_unique<QObject>();
    m_mailbox = std::make_shared<Mailbox>(m_receiver.get());
    list();
}

void TestRunner::list()
{
    if (!m_port || m_next)
        return; // what waits looks first, too
    begin({});
}

Result<void> TestRunner::run(const QSet<QString>& names)
{
    if (!m_port || m_running)
        return {};
    if (!m_port->snapshot()->trusted)
        return tl::unexpected(session::notTrusted());
    setRunning(true);
    begin({.run = true, .names = names});
    return {};
}

void TestRunner::stop()
{
    if (!m_running)
        return;
    if (m_next && m_next->run) { // it has not begun
        m_next.reset();
        setRunning(false);
        return;
    }
    m_worker.request_stop();
}

void TestRunner::begin(Job job)
{
    const std::shared_ptr<const Workspace> workspace = m_port->snapshot()->workspace;
    if (m_working) {
        m_next = std::move(job);
        return;
    }
    if (!workspace) {
        setRunning(false);
        return;
    }
    m_working = true;
    m_worker = std::jthread(
        [this, job = std::move(job), workspace, mailbox = m_mailbox](const std::stop_token& stop) {
            const auto tests = std::make_shared<const std::vector<session::TestCase>>(
                session::findTests(*workspace, workspace->folder));
            mailbox->post([this, tests] { Q_EMIT listed(tests); });
            if (job.run) {
                const std::vector<session::TestCase> chosen = chosenOf(*tests, job.names);
                const auto name = [&](std::size_t index) { return text(chosen[index].name); };
                session::TestOptions options;
                options.resources = resourceFolder().toStdString();
                options.stop = stop;
                options.onStarted = [&](std::size_t index) {
                    mailbox->post([this, of = name(index)] { Q_EMIT started(of); });
                };
                options.onEnded = [&](std::size_t index, const session::TestResult& result) {
                    mailbox->post([this, of = name(index), result = kept(result)] {
                        Q_EMIT ended(of, result);
                    });
                };
                session::runTests(*workspace, chosen, options);
            }
            mailbox->post([this] { finished(); });
        });
}

void TestRunner::finished()
{
    m_working = false;
    std::optional<Job> next = std::exchange(m_next, std::nullopt);
    setRunning(next && next->run);
    if (next)
        begin(std::move(*next));
}

void TestRunner::setRunning(bool running)
{
    if (running == m_running)
        return;
    m_running = running;
    Q_EMIT runningChanged(running);
}

} // namespace coldframe::ui

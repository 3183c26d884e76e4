#include <utility> // Boost 1.74's awaitable needs it first with GCC 12

#include "process/process_state.h"

#include <algorithm>
#include <array>
#include <csignal>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/program.h"

namespace coldframe::process {
namespace {

using namespace std::chrono_literals;
using boost::asio::posix::stream_descriptor;

/// One read a turn of the event loop, so that a chatterbox starves nobody. The size of a pipe.
constexpr std::size_t kTurnBytes = 64 * 1024;
constexpr std::size_t kDrainBytes = 1024 * 1024;
/// A healthy reaper ends its tree in a millisecond; a stopped or starved one is killed itself.
constexpr Duration kReaperPatience = 3s;
/// Between a closed channel and a collectable reaper lie microseconds of kernel work, or for one
/// that had to be killed more: each look comes twice as long after the one before.
constexpr Duration kFirstCollectRetry = 30us;
constexpr Duration kLastCollectRetry = 5ms;
constexpr Duration kOrphanRetry = 2ms;
constexpr int kOrphanRounds = 2500; // 5 s: what is left then cannot be killed
constexpr Duration kRemovalRetry = 2ms;

} // namespace

Process::State::State(boost::asio::io_context& io, LaunchSpec spec, std::string program,
                      ProcessCallbacks callbacks, SpawnedReaper reaper, Duration launchedAt)
    : m_spec(std::move(spec)), m_program(std::move(program)),
      m_callbacks(std::move(callbacks)), m_signs{reaper.pid, markOf(m_spec.token), m_spec.token},
      m_channel(io, reaper.channel.release()), m_output{Stream::Output,
                                                        stream_descriptor(io,
                                                                          reaper.output.release())},
      m_errors{Stream::Errors, stream_descriptor(io, reaper.errors.release())}, m_deadline(io),
      m_retry(io), m_launchedAt(launchedAt)
{ }

void Process::State::begin()
{
    waitForRecords();
}

void Process::State::release()
{
    m_owned = false;
    kill();
}

void Process::State::kill()
{
    if (m_finished || m_collecting)
        return;
    ::shutdown(m_channel.native_handle(), SHUT_WR);
    m_deadline.expires_after(kReaperPatience);
    m_deadline.async_wait([self = shared_from_this()](boost::system::error_code error) {
        if (error || self->m_finished || self->m_end)
            return; // once it has reported its end it may take its time over the folder
        ::kill(self->m_signs.reaper, SIGKILL);
        self->collectReaper();
    });
}

void Process::State::terminate(Duration grace)
{
    if (m_finished || m_collecting || m_end)
        return;
    // The reaper sends it: only the parent can be sure that the pid still means this program.
    order(kTerminateOrder);
    m_deadline.expires_after(grace);
    m_deadline.async_wait([self = shared_from_this()](boost::system::error_code error) {
        if (!error)
            self->kill();
    });
}

void Process::State::order(char what)
{
    (void)::send(m_channel.native_handle(), &what, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Process::State::setPaused(bool paused)
{
    m_paused = paused;
    waitForOutput(m_output);
    waitForOutput(m_errors);
}

void Process::State::waitForRecords()
{
    m_channel.async_wait(stream_descriptor::wait_read,
                         [self = shared_from_this()](boost::system::error_code error) {
                             if (error || self->m_finished || self->m_collecting)
                                 return;
                             if (self->readRecords() == Read::End)
                                 self->collectReaper();
                             else
                                 self->waitForRecords();
                         });
}

/// The reaper writes whole records into a socket that never fills.
Process::State::Read Process::State::readRecords()
{
    std::array<StatusRecord, 4> records;
    const ssize_t got = ::read(m_channel.native_handle(), records.data(), sizeof records);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? Read::Nothing : Read::End;
    const auto count = static_cast<std::size_t>(got) / sizeof(StatusRecord);
    std::for_each_n(records.begin(), count, [this](const StatusRecord& record) { accept(record); });
    return got > 0 ? Read::Some : Read::End;
}

void Process::State::accept(const StatusRecord& record)
{
    if (record.kind != StatusRecord::Kind::Started) {
        m_end = record;
        return;
    }
    m_pid = record.value;
    m_startedAt = Duration(record.atNs);
    m_spawnTime = m_startedAt - m_launchedAt;
    if (m_owned && m_callbacks.onStarted)
        m_callbacks.onStarted(m_pid);
    waitForOutput(m_output); // not before: the program may print faster than its reaper reports
    waitForOutput(m_errors);
}

void Process::State::waitForOutput(Pipe& pipe)
{
    if (pipe.waiting || m_paused || m_finished || m_pid == 0 || !pipe.descriptor.is_open())
        return;
    pipe.waiting = true;
    pipe.descriptor.async_wait(stream_descriptor::wait_read,
                               [self = shared_from_this(), &pipe](boost::system::error_code error) {
                                   pipe.waiting = false;
                                   if (error || self->m_finished || self->m_paused)
                                       return;
                                   self->readOnce(pipe);
                                   self->waitForOutput(pipe);
                               });
}

/// False when the pipe holds nothing more for now, or for good.
bool Process::State::readOnce(Pipe& pipe)
{
    if (!pipe.descriptor.is_open())
        return false;
    char bytes[kTurnBytes];
    const ssize_t got = ::read(pipe.descriptor.native_handle(), bytes, sizeof bytes);
    if (got < 0 && errno == EINTR)
        return true;
    if (got < 0 && errno == EAGAIN)
        return false;
    if (got <= 0) {
        boost::system::error_code ignored;
        pipe.descriptor.close(ignored);
        return false;
    }
    if (m_owned && m_callbacks.onOutput)
        m_callbacks.onOutput(pipe.stream, {bytes, static_cast<std::size_t>(got)});
    return static_cast<std::size_t>(got) == kTurnBytes;
}

void Process::State::drainOutput()
{
    for (Pipe* pipe : {&m_output, &m_errors}) {
        for (std::size_t turn = 0; turn < kDrainBytes / kTurnBytes; ++turn) {
            if (m_paused || m_finished || m_pid == 0 || !readOnce(*pipe))
                break;
        }
    }
}

void Process::State::retry(Duration after, void (State::*step)())
{
    m_retry.expires_after(after);
    m_retry.async_wait([self = shared_from_this(), step](boost::system::error_code error) {
        if (!error)
            (self.get()->*step)();
    });
}

/// The channel is closed, so the reaper has ended or is about to.
void Process::State::collectReaper()
{
    m_collecting = true;
    siginfo_t info = {};
    // Left a zombie for now: its pid, the session of what it ran, must not be given to another.
    const int waited
        = ::waitid(P_PID, static_cast<id_t>(m_signs.reaper), &info, WEXITED | WNOHANG | WNOWAIT);
    if (waited == 0 && info.si_pid == 0) {
        m_collectRetry = std::clamp(m_collectRetry * 2, kFirstCollectRetry, kLastCollectRetry);
        return retry(m_collectRetry, &State::collectReaper);
    }
    while (readRecords() == Read::Some) { }
    if (!m_end)
        return clearOrphans();
    ::waitpid(m_signs.reaper, nullptr, 0);
    finish(reportOf(*m_end));
}

void Process::State::clearOrphans()
{
    if (killOrphans(m_signs) > 0 && ++m_rounds < kOrphanRounds)
        return retry(kOrphanRetry, &State::clearOrphans);
    ::waitpid(m_signs.reaper, nullptr, 0);
    removeFolder();
}

/// By a process of its own: a folder may hold millions of files, and this thread must not wait.
void Process::State::removeFolder()
{
    ExitReport report;
    report.kind = ExitReport::Kind::ReaperLost;
    if (!m_spec.temporaryFolder.empty()) {
        if (const Result<pid_t> remover = spawnFolderRemoval(m_spec.temporaryFolder))
            return collectRemoval(*remover);
    }
    finish(std::move(report));
}

void Process::State::collectRemoval(pid_t remover)
{
    if (::waitpid(remover, nullptr, WNOHANG) != 0) {
        ExitReport report;
        report.kind = ExitReport::Kind::ReaperLost;
        return finish(std::move(report));
    }
    m_retry.expires_after(kRemovalRetry);
    m_retry.async_wait([self = shared_from_this(), remover](boost::system::error_code error) {
        if (!error)
            self->collectRemoval(remover);
    });
}

ExitReport Process::State::reportOf(const StatusRecord& end) const
{
    ExitReport report;
    if (end.kind == StatusRecord::Kind::StartFailed) {
        report.kind = ExitReport::Kind::NotStarted;
        report.error
            = explainStartFailure(static_cast<StartStep>(end.detail), end.value, m_program, m_spec);
        return report;
    }
    report.kind = end.detail != 0 ? ExitReport::Kind::Signalled : ExitReport::Kind::Exited;
    (end.detail != 0 ? report.signal : report.code) = end.value;
    report.ran = Duration(end.atNs) - m_startedAt;
    report.cpu = Duration(end.cpuNs);
    report.peakKb = end.peakKb;
    return report;
}

void Process::State::finish(ExitReport report)
{
    if (report.kind == ExitReport::Kind::ReaperLost) {
        const bool left = m_rounds >= kOrphanRounds;
        report.error.code = Error::Code::Io;
        report.error.message = "the process that looks after '" + m_program + "' was killed"
            + (left ? "; some of what it ran could not be ended" : "; what it ran has been ended");
        report.error.hint = "look for memory pressure in the system log, then start it again";
    }
    // Everybody who could write is dead: at most what the pipes hold is left, paused or not.
    const auto readRest = [this](Pipe& pipe) {
        for (std::size_t turn = 0; turn < kDrainBytes / kTurnBytes && readOnce(pipe); ++turn) { }
    };
    readRest(m_output);
    readRest(m_errors);
    m_finished = true;
    boost::system::error_code ignored;
    m_channel.close(ignored);
    m_output.descriptor.close(ignored);
    m_errors.descriptor.close(ignored);
    m_deadline.cancel(ignored);
    if (m_owned && m_callbacks.onExit)
        m_callbacks.onExit(report);
}

} // namespace coldframe::process

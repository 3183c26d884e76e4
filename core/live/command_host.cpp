#include "live/command_host.h"

#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace coldframe::live {

/// There is nothing to initialise.
void CommandHost::start()
{
    if (!m_settings->notStartable.empty()) {
        m_context.owner.initFailed(*this, engine::InitFailure::NotStartable,
                                   {.notStarted = m_settings->notStartable}, {});
        return;
    }
    afterSandbox([this] {
        m_context.owner.initStarted(*this);
        m_context.owner.ready(*this, {});
    });
}

/// In the sandbox it has.
void CommandHost::restart()
{
    m_context.owner.initStarted(*this);
    m_context.owner.ready(*this, {});
}

void CommandHost::deliver(Delivery delivery)
{
    m_delivery = std::move(delivery);
    m_waitsSince = now();
    m_deskWait = {};
    if (m_context.desk.request(*this))
        m_context.turns.add(*this, [this] { spawn(); });
    else
        m_context.owner.deskWaits(*this, true);
}

void CommandHost::slotGranted()
{
    m_deskWait = now() - m_waitsSince;
    m_delivery.deadlineMs += m_deskWait / std::chrono::milliseconds(1);
    m_context.owner.deskWaits(*this, false);
    spawn();
}

void CommandHost::spawn()
{
    m_output.clear();
    m_tooLarge = m_outOfMemory = false;
    m_launchedAt = m_workStartedAt = now();
    process::LaunchSpec spec = launchSpec({});
    spec.environment.push_back("COLDFRAME_REQUEST_ID=" + m_delivery.requestId);
    spec.environment.push_back(fmt::format("COLDFRAME_DEADLINE_MS={}", m_delivery.deadlineMs));
    spec.input = *m_delivery.body;
    process::ProcessCallbacks on;
    on.onStarted = [this](pid_t pid) {
        m_workStartedAt = now();
        m_spawn = m_workStartedAt - m_launchedAt;
        m_meter.emplace(pid, m_process->reaperPid());
        m_process->workBegins();
        m_context.owner.workStarted(*this);
    };
    on.onOutput = [this](process::Stream stream, std::string_view text) {
        if (stream == process::Stream::Errors)
            m_log.append(text);
        else if (m_output.size() + text.size() > m_settings->limits.responseBytes)
            m_tooLarge = true;
        else
            m_output.append(text);
    };
    on.onExit = [this](const process::ExitReport& report) { exited(report); };
    auto launched = process::launch(m_context.io, std::move(spec), std::move(on));
    if (launched) {
        m_process = std::move(*launched);
        return;
    }
    m_context.desk.release(*this);
    m_context.owner.workStarted(*this);
    HostResult result;
    ErrorDocument document = platformError(m_delivery.requestId, "Runtime.InvalidEntrypoint",
                                           describe(launched.error()));
    result.status = engine::WorkStatus::FunctionError;
    result.payload = std::move(document.json);
    result.errorType = std::move(document.type);
    m_context.owner.finished(*this, std::move(result));
}

void CommandHost::exited(const process::ExitReport& report)
{
    using Kind = process::ExitReport::Kind;
    m_meter.reset();
    m_process.reset();
    m_context.desk.release(*this);
    if (m_stopping) {
        m_context.owner.gone(*this);
        return;
    }
    HostResult result;
    result.wall = report.ran > Duration::zero() ? report.ran : now() - m_workStartedAt;
    result.cpu = report.cpu;
    result.peakMemoryKb = report.peakKb;
    result.overMemory = m_outOfMemory || report.peakKb / 1024 > m_settings->memoryMb;
    std::optional<ErrorDocument> error;
    if (report.kind == Kind::NotStarted) {
        m_context.owner.workStarted(*this);
        error = platformError(m_delivery.requestId, "Runtime.InvalidEntrypoint",
                              describe(report.error));
    } else if (report.kind != Kind::Exited || report.code != 0) {
        const int lost = report.kind == Kind::ReaperLost ? SIGKILL : 0;
        error = live::exited(m_delivery.requestId, report.code,
                             report.kind == Kind::Signalled ? report.signal : lost);
    } else if (m_tooLarge) {
        result.status = engine::WorkStatus::ResponseTooLarge;
    } else if (m_output.find_first_not_of(" \t\r\n") == std::string::npos) {
        result.payload = "null";
    } else if (nlohmann::json::accept(m_output)) {
        result.payload = std::move(m_output);
        while (!result.payload.empty() && result.payload.back() == '\n')
            result.payload.pop_back();
    } else {
        result.status = engine::WorkStatus::InvalidResponse;
        error = platformError(m_delivery.requestId, "Runtime.InvalidJson",
                              "The command printed something that is not JSON: "
                                  + m_output.substr(0, 80));
    }
    if (error) {
        if (result.status == engine::WorkStatus::Succeeded)
            result.status = engine::WorkStatus::FunctionError;
        result.payload = std::move(error->json);
        result.errorType = std::move(error->type);
    }
    m_output.clear();
    m_context.owner.finished(*this, std::move(result));
}

} // namespace coldframe::live

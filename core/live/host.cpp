#include "live/host.h"

#include <utility>

#include "live/api_host.h"
#include "live/command_host.h"

namespace coldframe::live {

Host::Host(Context context, InstanceId id, std::shared_ptr<const HostSettings> settings,
           std::string token)
    : m_context(context), m_id(id), m_settings(std::move(settings)), m_token(std::move(token))
{ }

Host::~Host()
{
    m_context.turns.drop(*this);
}

process::LaunchSpec Host::launchSpec(const std::string& runtimeApi)
{
    process::LaunchSpec spec;
    spec.token = m_token + '-' + std::to_string(++m_launches);
    spec.temporaryFolder = m_settings->temporaryRoot + '/' + spec.token;
    spec.argv = m_settings->argv;
    spec.workingFolder = m_settings->workingFolder;
    spec.environment
        = m_settings->environment({runtimeApi, spec.temporaryFolder, m_id.serial, m_provisioned});
    // A backstop only, far above the limit: the watch enforces that one, on resident memory.
    spec.cpuShareMillionths = m_settings->cpuShareMillionths;
    spec.dataLimitBytes = (std::uint64_t{m_settings->memoryMb} * 4 + 1024) << 20U;
    return spec;
}

void Host::afterSandbox(std::function<void()> then)
{
    if (m_settings->sandboxWait <= Duration::zero())
        return then();
    m_sandbox = std::make_shared<boost::asio::steady_timer>(m_context.io, m_settings->sandboxWait);
    m_sandbox->async_wait([this, alive = std::weak_ptr(m_sandbox),
                           then = std::move(then)](const boost::system::error_code& error) {
        if (!error && !alive.expired() && !m_stopping) // the timer is this host's own
            then();
    });
}

void Host::stop()
{
    if (std::exchange(m_stopping, true))
        return;
    abandon();
    m_context.turns.drop(*this);
    m_sandbox.reset();
    if (m_process) {
        m_process->kill();
        return;
    }
    m_context.desk.release(*this);
    m_context.owner.gone(*this);
}

std::uint32_t Host::residentKb()
{
    return m_meter ? m_meter->residentKb() : 0;
}

void Host::drainOutput()
{
    if (m_process)
        m_process->drainOutput();
}

void Host::killForMemory()
{
    if (m_process && !std::exchange(m_outOfMemory, true))
        m_process->kill();
}

std::unique_ptr<Host> makeHost(Host::Context context, InstanceId id,
                               std::shared_ptr<const HostSettings> settings, std::string token)
{
    if (settings->command)
        return std::make_unique<CommandHost>(context, id, std::move(settings), std::move(token));
    return std::make_unique<ApiHost>(context, id, std::move(settings), std::move(token));
}

} // namespace coldframe::live

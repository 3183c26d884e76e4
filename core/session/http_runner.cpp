#include "session/http_runner.h"

#include <fmt/format.h>

#include "session/run.h"

namespace coldframe::session {

namespace {
constexpr int kBeatsBetweenTries = 20; // two seconds
}

HttpRunner::HttpRunner(Run& run, HttpGateway& gateway, Trigger trigger, HttpTrigger settings)
    : m_run(run), m_gateway(gateway), m_trigger(std::move(trigger)), m_settings(std::move(settings))
{ }

HttpRunner::~HttpRunner()
{
    m_gateway.close(m_trigger.name);
}

void HttpRunner::start()
{
    if (std::exchange(m_wanted, true))
        return;
    m_beats = 0;
    listen();
}

void HttpRunner::stop()
{
    m_wanted = false;
    m_gateway.close(m_trigger.name);
    m_url.clear(), m_trouble.clear(), m_badResult.clear();
}

/// A taken port may become free: it is tried again while it is wanted.
void HttpRunner::beat()
{
    if (m_wanted && m_url.empty() && ++m_beats % kBeatsBetweenTries == 0)
        listen();
}

void HttpRunner::listen()
{
    const auto port = m_gateway.open(
        m_trigger, m_settings, [this, alive = std::weak_ptr(m_alive)](const std::string& problem) {
            if (alive.lock())
                answered(problem);
        });
    if (!port) {
        if (const std::string trouble = describe(port.error()); trouble != m_trouble) {
            m_trouble = trouble;
            Error told = port.error();
            told.message = fmt::format("{} does not listen: {}", m_trigger.name, told.message);
            m_run.notice(told);
        }
        return;
    }
    m_trouble.clear();
    const std::string& key = m_settings.route.key;
    const bool all = m_settings.route.isDefault();
    m_url = fmt::format("http://127.0.0.1:{}{}", *port, all ? "/" : key.substr(key.find(' ') + 1));
    m_run.notice(Notice::Severity::Info,
                 fmt::format("{} takes {} at {}", m_trigger.name,
                             all ? "requests" : key.substr(0, key.find(' ')), m_url));
}

void HttpRunner::answered(const std::string& problem)
{
    if (problem == m_badResult)
        return;
    m_badResult = problem;
    m_run.notice(Notice::Severity::Warning,
                 fmt::format("{}: the result of {} is no HTTP answer, the caller got 502: {}",
                             m_trigger.name, m_trigger.function, problem),
                 m_settings.payload == HttpPayload::V2
                     ? "return {\"statusCode\": 200, \"headers\": {…}, \"body\": \"text\"}, or "
                       "any JSON for a plain 200"
                     : "return {\"statusCode\": 200, \"body\": \"text\"}");
}

void HttpRunner::fill(TriggerView& view) const
{
    view.url = m_url;
    if (!m_trouble.empty())
        view.message = m_trouble;
    else if (!m_badResult.empty())
        view.message
            = fmt::format("the last bad result of {}: {}", m_trigger.function, m_badResult);
}

} // namespace coldframe::session

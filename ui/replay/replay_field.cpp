#include "ui/replay/replay_field.h"

#include <QCoreApplication>
#include <QStyle>

#include <cmath>
#include <utility>

#include "study/changes.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

using engine::Configuration;
using Recorded = std::optional<std::string>;

QString fieldTr(const char* source)
{
    return QCoreApplication::translate("ReplayField", source);
}

const engine::FunctionRules* rulesOf(const Configuration& configuration, std::size_t function)
{
    return function < configuration.functions.size() ? &configuration.functions[function] : nullptr;
}

template <typename Of> Recorded ofFunction(const Configuration& c, std::size_t f, const Of& of)
{
    const engine::FunctionRules* rules = rulesOf(c, f);
    return rules ? Recorded(of(*rules)) : std::nullopt;
}

std::string wholeSeconds(Duration duration)
{
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

Recorded keepAliveOf(const Configuration& c, std::size_t)
{
    const engine::KeepAlive& keep = c.platform.keepAlive;
    if (keep.kind != engine::KeepAlive::Kind::Survival || keep.survival.size() > 1)
        return std::nullopt; // a curve, or by how it went before
    return keep.survival.empty() ? "null" : wholeSeconds(keep.survival.front().idle);
}

Recorded reservedOf(const Configuration& c, std::size_t f)
{
    return ofFunction(c, f, [](const auto& rules) {
        return rules.reserved ? std::to_string(*rules.reserved) : std::string("null");
    });
}

Recorded maxAgeOf(const Configuration& c, std::size_t f)
{
    return ofFunction(c, f, [](const auto& rules) { return wholeSeconds(rules.maxEventAge); });
}

Recorded timeoutOf(const Configuration& c, std::size_t f)
{
    return ofFunction(c, f, [](const auto& rules) {
        return std::to_string(
            std::chrono::duration_cast<std::chrono::milliseconds>(rules.timeout).count());
    });
}

} // namespace

std::vector<ReplaySetting> runReplaySettings()
{
    return {
        {"arrivals.rateFactor", fieldTr("Arrivals ×"),
         fieldTr("10: each event comes ten times. 0.5: about half of them come."),
         [](const Configuration&, std::size_t) { return Recorded("1"); }},
        {"pool.keepAliveS", fieldTr("Keep-alive, s"),
         fieldTr("Idle seconds after which an instance is retired."), keepAliveOf},
        {"accountConcurrency", fieldTr("Account limit"),
         fieldTr("Attempts of all functions together at one time."),
         [](const Configuration& c, std::size_t) {
             return Recorded(std::to_string(c.platform.accountConcurrency));
         }},
        {"seed", fieldTr("Seed"), fieldTr("Of the times that are drawn."),
         [](const Configuration& c, std::size_t) { return Recorded(std::to_string(c.seed)); }},
    };
}

std::vector<ReplaySetting> functionReplaySettings()
{
    return {
        {"memoryMb", fieldTr("Memory, MB"),
         fieldTr("Buys a share of a core with it: platform time and cost follow."),
         [](const Configuration& c, std::size_t f) {
             return ofFunction(c, f,
                               [](const auto& rules) { return std::to_string(rules.memoryMb); });
         }},
        {"timeoutMs", fieldTr("Timeout, ms"), fieldTr("After which an attempt is cut off."),
         timeoutOf},
        {"reservedConcurrency", fieldTr("Reserved"),
         fieldTr("Attempts at one time that are kept for this function, and its limit."),
         reservedOf},
        {"provisionedConcurrency", fieldTr("Provisioned"),
         fieldTr("Instances that are kept ready, and paid for."),
         [](const Configuration& c, std::size_t f) {
             return ofFunction(c, f,
                               [](const auto& rules) { return std::to_string(rules.provisioned); });
         }},
        {"async.retries", fieldTr("Retries"),
         fieldTr("Attempts after the first one of an asynchronous event that failed."),
         [](const Configuration& c, std::size_t f) {
             return ofFunction(c, f,
                               [](const auto& rules) { return std::to_string(rules.retries); });
         }},
        {"async.maxEventAgeS", fieldTr("Event age, s"),
         fieldTr("After which an asynchronous event is given up."), maxAgeOf},
    };
}

ReplayField::ReplayField(ReplaySetting setting, QWidget* parent)
    : QLineEdit(parent), m_setting(std::move(setting))
{
    setAccessibleName(m_setting.title);
    setClearButtonEnabled(true);
    setMinimumWidth(fontMetrics().averageCharWidth() * 12);
    setToolTip(help());
}

void ReplayField::setRecorded(const Configuration& configuration, std::size_t function)
{
    const Recorded value = m_setting.recorded(configuration, function);
    m_recorded = !value ? tr("as the platform says") : *value == "null" ? none() : ui::text(*value);
    setPlaceholderText(m_recorded);
    setToolTip(help());
}

QString ReplayField::help() const
{
    const std::string allowed = study::allowedValues(m_setting.path);
    QString words
        = tr("%1 It may be %2.")
              .arg(m_setting.help, ui::text(allowed).replace(QStringLiteral("null"), none()));
    if (!m_recorded.isEmpty())
        words += tr(" Recorded: %1.").arg(m_recorded);
    return words;
}

QString ReplayField::none()
{
    return tr("none");
}

void ReplayField::setProblem(bool problem)
{
    if (property("problem").toBool() == problem)
        return;
    setProperty("problem", problem);
    style()->unpolish(this);
    style()->polish(this);
}

void ReplayField::focusInEvent(QFocusEvent* event)
{
    QLineEdit::focusInEvent(event);
    Q_EMIT entered();
}

} // namespace coldframe::ui

#include "made_up_attempts.h"

namespace coldframe::ui::attempts_test {

namespace {

using namespace std::chrono_literals;
using history::AttemptRow;
using history::Ending;
using history::StartKind;

constexpr TimePoint kStart{std::chrono::sys_days(std::chrono::year(2026) / 9 / 14) + 12h};

/// Scrambles a row's number, so that neighbours differ. SplitMix64's last step.
constexpr std::uint64_t scramble(std::uint64_t n)
{
    n = (n + 0x9e37'79b9'7f4a'7c15) * 0xbf58'476d'1ce4'e5b9;
    n = (n ^ (n >> 27)) * 0x94d0'49bb'1331'11eb;
    return n ^ (n >> 31);
}

Function function(const char* name, int timeoutMs)
{
    Function made;
    made.name = name;
    made.memoryMb = 512;
    made.timeoutMs = timeoutMs;
    return made;
}

} // namespace

MadeUpRun::MadeUpRun(std::uint64_t maxRows) : m_log(maxRows), m_startedAt(kStart) { }

void MadeUpRun::append(std::uint64_t count)
{
    for (; count > 0; --count)
        m_log.append(row(m_next++));
}

std::shared_ptr<session::Snapshot> MadeUpRun::snapshot() const
{
    auto made = std::make_shared<session::Snapshot>();
    made->startedAt = m_startedAt;
    made->now = kStart + 10min;
    made->workspace = m_workspace;
    made->attempts = m_log.view();
    return made;
}

AttemptRow MadeUpRun::row(std::uint64_t number)
{
    const std::uint64_t luck = scramble(number);
    AttemptRow made;
    made.function = static_cast<FunctionId>(luck % 4);
    made.trigger = static_cast<std::uint16_t>((luck >> 8) % 4);
    made.memoryMb = 512;
    made.invocation = static_cast<std::uint32_t>(number + 1);
    made.acceptedAt = kStart + static_cast<std::int64_t>(number) * 83ms;
    for (std::size_t i = 0; i < made.requestId.size(); ++i)
        made.requestId[i] = static_cast<std::uint8_t>(scramble(number * 16 + i));
    if (number % 11 == 4) {
        made.ending = Ending::Rejected;
        made.why = engine::Why::ThrottledReserved;
        made.reasonA = made.reasonB = 10;
        return made;
    }
    const bool cold = number % 17 == 9;
    made.start = cold ? StartKind::Cold : StartKind::Warm;
    made.why = cold ? engine::Why::ColdAllBusy : engine::Why::WarmMostRecentlyUsed;
    made.init = cold ? 312ms : 0ms;
    made.desk = Duration(1'000'000 * (20 + (luck >> 16) % 300));
    made.startedAt = made.acceptedAt - made.desk; // rows come in the order of their ends
    made.acceptedAt = made.startedAt - made.init;
    made.platform = made.desk * 8 / 5;
    made.instance = static_cast<std::uint32_t>(1 + (luck >> 32) % 17);
    made.peakMemoryKb = static_cast<std::uint32_t>(80 + (luck >> 40) % 410) * 1024U;
    made.costPicodollars = static_cast<std::int64_t>(200'000 + made.platform.count() / 100);
    if (number % 13 == 7) {
        made.ending = Ending::TimedOut;
        made.platform = 900ms;
    } else if (number % 29 == 3) {
        made.ending = Ending::FunctionError;
    }
    return made;
}

std::shared_ptr<const Workspace> MadeUpRun::workspace()
{
    auto made = std::make_shared<Workspace>();
    made->functions = {function("thumbnails", 900), function("orders-audit", 900),
                       function("csv-etl", 900), function("enrich", 900)};
    made->triggers = {{"on-upload", "thumbnails", true, {}, ManualTrigger{}},
                      {"orders-changed", "orders-audit", true, {}, ManualTrigger{}},
                      {"enrich-jobs", "enrich", true, {}, ManualTrigger{}}};
    return made;
}

} // namespace coldframe::ui::attempts_test

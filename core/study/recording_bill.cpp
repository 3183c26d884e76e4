#include "study/recording_bill.h"

#include <algorithm>
#include <map>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cost/attribution.h"
#include "cost/projection.h"
#include "engine/metering.h"

namespace coldframe::study {
namespace {

using cost::Resource;
using cost::Wide;
using history::AttemptRow;

void give(SpendingSum& to, Spending part, Money amount)
{
    to.parts[static_cast<std::size_t>(part)] += amount;
}

/// `whole` times `part` over `of`, rounded down.
Money shareOf(Money whole, Wide part, Wide of)
{
    if (of == 0 || whole.picodollars() <= 0)
        return {};
    return Money::fromPicodollars(
        static_cast<std::int64_t>(static_cast<Wide>(whole.picodollars()) * part / of));
}

/// The UTC date, "2026-11-27".
std::string dayOf(TimePoint at)
{
    const auto days = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{
        std::chrono::sys_days(std::chrono::days(days.time_since_epoch()))};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

class Spender {
public:
    Spender(const ReplayStudy& study, cost::BillOptions options)
        : m_study(study), m_book(study.platform().prices), m_attribution(m_book, options)
    {
    }

    /// The cost of an attempt and how it is divided.
    std::array<Money, kSpendings.size()> spend(const AttemptRow& row)
    {
        std::array<Money, kSpendings.size()> parts{};
        const auto part = [&](Spending which) -> Money& {
            return parts[static_cast<std::size_t>(which)];
        };
        const cost::AttemptMeter meter = meterOf(row);
        const Money share = m_attribution.add(meter);
        if (row.attempt > 1) {
            part(Spending::Retries) = share;
            return parts;
        }
        // At first prices, as if it were alone: they say how the share is divided, not how large.
        cost::AttemptMeter one = meter;
        one.billed = {}, one.paidEphemeralMb = 0;
        const Wide requests = picodollars(one);
        one = meter, one.requests = 0, one.paidEphemeralMb = 0;
        const Wide compute = picodollars(one);
        one = meter, one.requests = 0, one.memoryMb = 0;
        const Wide other = picodollars(one);
        const Wide all = requests + compute + other;
        part(Spending::Requests) = shareOf(share, requests, all);
        part(Spending::Other) = shareOf(share, other, all);
        const Money rest = share - part(Spending::Requests) - part(Spending::Other);
        const auto billed = static_cast<Wide>(std::max<std::int64_t>(row.billed.count(), 0));
        part(Spending::Init)
            = shareOf(rest, std::min(static_cast<Wide>(billedInit(row).count()), billed), billed);
        part(Spending::Compute) = rest - part(Spending::Init);
        return parts;
    }
    Money total() const { return m_attribution.total(); }

private:
    cost::AttemptMeter meterOf(const AttemptRow& row) const
    {
        const engine::Platform& platform = m_study.platform().platform;
        engine::Meter meter;
        meter.billed = row.billed;
        meter.memoryMb = row.memoryMb;
        meter.provisioned = row.start == history::StartKind::Provisioned;
        meter.debugged = (row.flags & history::kDebugged) != 0;
        if ((row.flags & history::kAsync) != 0)
            meter.extraRequests = engine::extraRequests(row.event.length, platform);
        return cost::attemptMeter(meter, m_study.platform().architecture,
                                  m_study.ephemeralMbOf(row.function), 0, m_book);
    }
    /// Of a platform that does not bill inits none.
    Duration billedInit(const AttemptRow& row) const
    {
        return m_study.platform().platform.initBilled ? std::max(row.init, Duration{}) : Duration{};
    }
    Wide picodollars(const cost::AttemptMeter& meter) const
    {
        return static_cast<Wide>(cost::attemptCost(meter, m_book).picodollars());
    }

    const ReplayStudy& m_study;
    const cost::PriceBook& m_book;
    cost::Attribution m_attribution;
};

void count(SpendingSum& sum, const AttemptRow& row,
           const std::array<Money, kSpendings.size()>& parts)
{
    ++sum.attempts;
    sum.retries += row.attempt > 1;
    sum.coldStarts += row.start == history::StartKind::Cold;
    for (std::size_t i = 0; i < parts.size(); ++i)
        sum.parts[i] += parts[i];
}

std::vector<SpendingSum> listed(std::map<std::string, SpendingSum>&& sums)
{
    std::vector<SpendingSum> list;
    for (auto& [name, sum] : sums) {
        sum.name = name;
        list.push_back(std::move(sum));
    }
    return list;
}

/// Keeping instances provisioned, shared by what that of each function would cost alone.
void shareIdle(Money idle, const sim::RunBook::Result& figures, const cost::PriceBook& book,
               std::vector<SpendingSum>& functions)
{
    std::vector<Wide> alone(functions.size());
    Wide all = 0;
    for (std::size_t i = 0; i < std::min(functions.size(), figures.functions.size()); ++i) {
        cost::Meters kept;
        for (const cost::Architecture architecture : cost::kArchitectures) {
            const Resource held = cost::heldOf(architecture);
            kept[held] = figures.functions[i].meters[held];
        }
        alone[i] = static_cast<Wide>(
            cost::billTotal(kept, book, {.freeTier = false}).picodollars());
        all += alone[i];
    }
    Money left = idle;
    for (std::size_t i = functions.size(); i-- > 0;) { // the first that has some gets the rest
        const Money part = shareOf(idle, alone[i], all);
        give(functions[i], Spending::Idle, part);
        left = left - part;
    }
    const auto first = std::ranges::find_if(alone, [](Wide amount) { return amount > 0; });
    if (first != alone.end())
        give(functions[static_cast<std::size_t>(first - alone.begin())], Spending::Idle, left);
}

} // namespace

const char* nameOf(Spending spending)
{
    constexpr std::array kNames = {"requests", "init", "compute", "retries", "other", "idle"};
    return kNames[static_cast<std::size_t>(spending)];
}

Money SpendingSum::total() const
{
    Money sum;
    for (const Money part : parts)
        sum += part;
    return sum;
}

RecordingBill billOf(const ReplayStudy& study, const history::AttemptLog::View& attempts,
                     cost::BillOptions options)
{
    const std::vector<std::string>& triggers = study.triggers();
    RecordingBill out;
    const sim::RunBook::Result& figures = study.recorded().figures;
    const cost::PriceBook& book = study.platform().prices;
    const sim::Script& script = study.recorded().script;
    out.length = script.end - script.begin;
    out.bill = cost::makeBill(figures.total.meters, book, options);
    out.month
        = cost::makeBill(cost::projectToMonth(figures.total.meters, out.length), book, options);

    std::vector<SpendingSum> functions(study.functions().size());
    for (std::size_t i = 0; i < functions.size(); ++i)
        functions[i].name = study.functions()[i];
    std::map<std::string, SpendingSum> byTrigger, byDay;
    Spender spender(study, options);
    for (std::uint64_t i = attempts.firstRow(); i < attempts.endRow(); ++i) {
        const AttemptRow& row = attempts[i];
        if (row.ending == history::Ending::Rejected || row.function >= functions.size())
            continue; // costs nothing
        const auto parts = spender.spend(row);
        const bool named = row.trigger > 0 && row.trigger <= triggers.size();
        for (SpendingSum* sum :
             {&out.total, &functions[row.function],
              &byTrigger[named ? triggers[row.trigger - 1] : std::string()],
              &byDay[dayOf(row.startedAt)]})
            count(*sum, row, parts);
    }
    cost::Meters ran = figures.total.meters;
    for (const cost::Architecture architecture : cost::kArchitectures)
        ran[cost::heldOf(architecture)] = 0;
    const Money attempted = cost::billTotal(ran, book, options);
    out.unattributed = attempted - spender.total();
    shareIdle(out.bill.total - attempted, figures, book, functions);
    give(out.total, Spending::Idle, out.bill.total - attempted);
    out.functions = std::move(functions);
    out.triggers = listed(std::move(byTrigger));
    out.days = listed(std::move(byDay));
    return out;
}

} // namespace coldframe::study

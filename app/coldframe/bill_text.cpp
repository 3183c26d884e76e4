#include "bill_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "amount_text.h"
#include "cost/decimal.h"
#include "cost/projection.h"

namespace coldframe::commands {

namespace {

using Json = nlohmann::ordered_json;
using study::RecordingBill;
using study::Spending;
using study::SpendingSum;

std::string exact(Money amount)
{
    return cost::decimalText(amount.picodollars());
}

/// Dollars a person can read: of a month cents, of a run as many decimals as it takes.
std::string shown(Money amount)
{
    const double dollars = amount.toDollars();
    const int decimals = dollars >= 1 || dollars == 0 ? 2 : dollars >= 0.01 ? 4 : 8;
    return "$" + cost::roundedText(amount.picodollars(), decimals);
}

std::string share(Money part, Money of)
{
    return of.picodollars() > 0
        ? fmt::format("{:.1f} %", part.toDollars() / of.toDollars() * 100)
        : "-";
}

Json partsJson(const SpendingSum& sum)
{
    Json parts = Json::object();
    for (const Spending part : study::kSpendings)
        parts[study::nameOf(part)] = exact(sum[part]);
    return parts;
}

Json sumsJson(const std::vector<SpendingSum>& sums)
{
    Json list = Json::array();
    for (const SpendingSum& sum : sums)
        list.push_back({{"name", sum.name},
                        {"attempts", sum.attempts},
                        {"retries", sum.retries},
                        {"coldStarts", sum.coldStarts},
                        {"usd", exact(sum.total())},
                        {"parts", partsJson(sum)}});
    return list;
}

Json linesJson(const cost::Bill& bill)
{
    Json lines = Json::array();
    for (const cost::BillLine& line : bill.lines)
        lines.push_back({{"what", line.what},
                         {"quantity", line.quantity},
                         {"unit", line.unit},
                         {"price", line.price},
                         {"usd", exact(line.amount)},
                         {"source", line.source},
                         {"asOf", line.asOf}});
    return lines;
}

Json notPricedJson(const cost::Bill& bill)
{
    Json list = Json::array();
    for (const cost::NotPriced& one : bill.notPriced)
        list.push_back({{"what", one.what}, {"quantity", one.quantity}, {"unit", one.unit}});
    return list;
}

std::string linesText(const cost::Bill& bill)
{
    std::string text;
    for (const cost::BillLine& line : bill.lines)
        text += fmt::format("  {:<32} {:>16.3f} {:<10} {:>14}   {}\n", line.what, line.quantity,
                            line.unit, shown(line.amount), line.price);
    for (const cost::NotPriced& one : bill.notPriced)
        text += fmt::format("  {:<32} {:>16.3f} {:<10} {:>14}\n", one.what, one.quantity, one.unit,
                            "not priced");
    return text;
}

std::string sumsText(const char* title, const char* unnamed, const std::vector<SpendingSum>& sums,
                     Money all)
{
    std::string text = fmt::format("\n{}\n", title);
    for (const SpendingSum& sum : sums)
        if (sum.attempts > 0 || sum.total() > Money())
            text += fmt::format("  {:<32} {:>10} attempts, {:>6} retries {:>14} {:>8}\n",
                                sum.name.empty() ? unnamed : sum.name, countText(sum.attempts),
                                countText(sum.retries), shown(sum.total()),
                                share(sum.total(), all));
    return text;
}

} // namespace

std::string billText(const BillHead& head, const RecordingBill& bill)
{
    const Money total = bill.bill.total;
    std::string text = fmt::format("Recording  {}\nPrices     {}, {} free tier\n\nBill {:>77}\n",
                                   head.recording, head.prices,
                                   head.freeTier ? "with the" : "without", shown(total));
    if (bill.bill.lines.empty() && bill.bill.notPriced.empty())
        return text + "Nothing ran that costs anything.\n";
    text += linesText(bill.bill);
    text += "\nWhat for\n";
    for (const Spending part : study::kSpendings)
        if (bill.total[part] > Money())
            text += fmt::format("  {:<32} {:>42} {:>8}\n", study::nameOf(part),
                                shown(bill.total[part]), share(bill.total[part], total));
    if (bill.unattributed != Money())
        text += fmt::format("  {:<32} {:>42} {:>8}\n", "attempts that were not recorded",
                            shown(bill.unattributed), share(bill.unattributed, total));
    text += sumsText("By function", "", bill.functions, total);
    text += sumsText("By trigger", "by hand or by a caller", bill.triggers, total);
    if (bill.days.size() > 1)
        text += sumsText("By day", "", bill.days, total);
    text += fmt::format(
        "\n${:.2f} per million attempts; {} a month at this pace ({} free tier).\n",
        cost::dollarsPerMillion(total, bill.total.attempts), shown(bill.month.total),
        head.freeTier ? "with the" : "without");
    text += "Covers what functions use. Not covered: requests to queues and stores, and transfer.\n";
    return text;
}

std::string billJson(const BillHead& head, const RecordingBill& bill)
{
    const Json document{
        {"recording", head.recording},
        {"prices", head.prices},
        {"freeTier", head.freeTier},
        {"usd", exact(bill.bill.total)},
        {"lines", linesJson(bill.bill)},
        {"notPriced", notPricedJson(bill.bill)},
        {"attempts", bill.total.attempts},
        {"parts", partsJson(bill.total)},
        {"unattributedUsd", exact(bill.unattributed)},
        {"functions", sumsJson(bill.functions)},
        {"triggers", sumsJson(bill.triggers)},
        {"days", sumsJson(bill.days)},
        {"perMillionUsd", cost::dollarsPerMillion(bill.bill.total, bill.total.attempts)},
        {"month", {{"usd", exact(bill.month.total)}, {"lines", linesJson(bill.month)}}},
        {"seconds", toSeconds(bill.length)}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace coldframe::commands

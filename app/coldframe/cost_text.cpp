#include "cost_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cost/decimal.h"

namespace coldframe::commands {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kDecimals = 6; ///< as price pages compute
constexpr int kCents = 2;

Json computedJson(const cost::PricedExample& example)
{
    Json lines = Json::object();
    for (const cost::PricedExample::Line& line : example.lines)
        lines[line.name] = cost::roundedText(line.amount, kDecimals);
    Json computed{{"lines", lines},
                  {"total", cost::roundedText(example.total, kDecimals)},
                  {"totalRounded", cost::roundedText(example.total, kCents)},
                  {"sumOfRoundedLines", cost::roundedText(example.sumOfCents, kCents)}};
    if (!example.published.empty())
        computed["matches"] = example.matches;
    return computed;
}

} // namespace

std::string examplesJson(const std::string& document, const cost::PricedExamples& priced)
{
    Json all = Json::parse(document);
    auto next = priced.examples.begin();
    for (Json& example : all["examples"]) {
        const bool known = next != priced.examples.end() && example.is_object()
            && example.value("id", Json()) == next->id;
        if (known)
            example["computed"] = computedJson(*next++);
        else
            example["computed"] = nullptr;
    }
    std::size_t matching = 0, published = 0;
    for (const cost::PricedExample& example : priced.examples) {
        matching += example.matches;
        published += !example.published.empty();
    }
    all["summary"] = {{"examples", all["examples"].size()},
                      {"published", published},
                      {"matching", matching},
                      {"wrong", priced.errors.size()}};
    return all.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string examplesText(const cost::PricedExamples& priced)
{
    std::size_t width = 7;
    for (const cost::PricedExample& example : priced.examples)
        width = std::max(width, example.id.size());
    std::string text = fmt::format("{:<{}} {:>14} {:>14}\n", "example", width, "computed",
                                   "published");
    for (const cost::PricedExample& example : priced.examples) {
        const bool byLines = cost::roundedText(example.total, kCents)
            != cost::roundedText(example.sumOfCents, kCents);
        const char* const note = example.published.empty() ? ""
            : !example.matches                             ? "  differs"
            : byLines                                      ? "  (lines rounded first)"
                                                           : "";
        text += fmt::format("{:<{}} {:>14} {:>14}{}\n", example.id, width,
                            cost::roundedText(byLines && example.matches ? example.sumOfCents
                                                                        : example.total,
                                              kCents),
                            example.published, note);
    }
    return text;
}

} // namespace coldframe::commands

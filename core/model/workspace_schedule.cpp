#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

namespace {

/// The inside of "rate(…)" or "cron(…)", or nothing.
std::optional<std::string> inside(const std::string& expression, const std::string& form)
{
    if (!expression.starts_with(form + "(") || !expression.ends_with(')'))
        return std::nullopt;
    return expression.substr(form.size() + 1, expression.size() - form.size() - 2);
}

std::vector<std::string> wordsBySpace(const std::string& text)
{
    std::vector<std::string> words;
    std::size_t at = 0;
    while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

bool isGoodRate(const std::string& rate)
{
    const std::vector<std::string> words = wordsBySpace(rate);
    if (words.size() != 2)
        return false;
    int count = 0;
    const char* const last = words[0].data() + words[0].size();
    const auto [end, problem] = std::from_chars(words[0].data(), last, count);
    const std::string plural = count == 1 ? "" : "s";
    return problem == std::errc() && end == last && count > 0
        && (words[1] == "minute" + plural || words[1] == "hour" + plural
            || words[1] == "day" + plural);
}

/// `2026-12-24T18:00:00`; whether there is such a day is known where schedules are computed.
bool looksLikeDateTime(std::string_view text)
{
    constexpr std::string_view kForm = "0000-00-00T00:00:00";
    return std::ranges::equal(text, kForm, [](char c, char form) {
        return form == '0' ? c >= '0' && c <= '9' : c == form;
    });
}

/// The outer form only: what the fields of a cron expression may hold is known where schedules
/// are computed, which reports it in the same manner.
void checkExpression(JsonReader& in, const std::string& expression)
{
    if (const std::optional<std::string> rate = inside(expression, "rate")) {
        if (!isGoodRate(*rate))
            in.fail(Error::Code::Malformed, "expression",
                    fmt::format("\"{}\" is not a rate", expression),
                    "write rate(1 minute), rate(5 minutes), rate(2 hours) or rate(1 day)");
    } else if (const std::optional<std::string> cron = inside(expression, "cron")) {
        const std::size_t fields = wordsBySpace(*cron).size();
        if (fields != 6)
            in.fail(Error::Code::Malformed, "expression",
                    fmt::format("a cron expression has six fields, got {}", fields),
                    "write cron(minute hour day month weekday year), such as cron(0 2 * * ? *)");
    } else if (const std::optional<std::string> once = inside(expression, "at")) {
        const std::vector<std::string> words = wordsBySpace(*once);
        if (words.size() != 1 || !looksLikeDateTime(words[0]))
            in.fail(Error::Code::Malformed, "expression",
                    fmt::format("\"{}\" is not a date and a time", expression),
                    "write a local time of \"timezone\", such as at(2026-12-24T18:00:00)");
    } else {
        in.fail(Error::Code::Malformed, "expression",
                fmt::format("\"{}\" is not a schedule", expression),
                "write rate(5 minutes), cron(0 2 * * ? *) or at(2026-12-24T18:00:00)");
    }
}

bool looksLikeTimezone(const std::string& name)
{
    return name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_+-/")
        == std::string::npos
        && name.front() != '/' && name.back() != '/';
}

std::string readDateTime(JsonReader& in, const std::string& key)
{
    std::string text = in.string(key, {}, {1, kMaxNameLength});
    std::string_view local = text;
    if (local.ends_with('Z'))
        local.remove_suffix(1);
    if (!text.empty() && !looksLikeDateTime(local))
        in.fail(Error::Code::Malformed, key, fmt::format("\"{}\" is not a date and a time", text),
                "write a local time of \"timezone\", such as 2026-12-24T18:00:00, or 17:00:00Z at "
                "its end for UTC");
    return text;
}

/// Once, or again and again between two moments.
void readBounds(JsonReader& in, ScheduleTrigger& trigger)
{
    trigger.startsAt = readDateTime(in, "startsAt");
    trigger.endsAt = readDateTime(in, "endsAt");
    if (!inside(trigger.expression, "at"))
        return;
    for (const char* key : {"startsAt", "endsAt"})
        if (in.has(key))
            in.fail(Error::Code::Conflict, key,
                    fmt::format("{} bounds a schedule that fires again and again", key),
                    "at(…) fires once: leave it out");
}

} // namespace

ScheduleTrigger readSchedule(JsonReader& in)
{
    ScheduleTrigger trigger;
    in.require("expression", "write rate(5 minutes) or cron(0 2 * * ? *)");
    trigger.expression = in.string("expression", {}, {1, 256});
    if (!trigger.expression.empty())
        checkExpression(in, trigger.expression);
    trigger.timezone = in.string("timezone", trigger.timezone, {1, kMaxNameLength});
    if (!looksLikeTimezone(trigger.timezone))
        in.fail(Error::Code::Malformed, "timezone",
                fmt::format("\"{}\" is not the name of a time zone", trigger.timezone),
                "write a name such as \"Europe/Berlin\" or \"UTC\"");
    if (const std::optional<JsonValue> event = in.value("event"))
        trigger.event = event->compact();
    trigger.fireMissedOnce = in.choice<bool>("onMissed", {{"skip", false}, {"fire-once", true}},
                                             trigger.fireMissedOnce);
    readBounds(in, trigger);
    trigger.flexibleWindowMinutes
        = static_cast<int>(in.integer("flexibleWindowMinutes", kFlexibleWindowMinutes, 0));
    return trigger;
}

} // namespace coldframe::detail

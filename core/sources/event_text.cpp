#include "sources/event_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace coldframe::sources {

namespace {

/// The finaliser of SplitMix64. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.
constexpr std::uint64_t mixed(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58'476d'1ce4'e5b9;
    value = (value ^ (value >> 27)) * 0x94d0'49bb'1331'11eb;
    return value ^ (value >> 31);
}

std::string isoUpToSeconds(TimePoint time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<seconds>(time - day));
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(date.year()),
                       unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

} // namespace

std::string jsonString(std::string_view text)
{
    using nlohmann::json;
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string isoMilliseconds(TimePoint time)
{
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch();
    const auto ms = (whole % 1000 + std::chrono::seconds(1)) % 1000;
    return fmt::format("{}.{:03}Z", isoUpToSeconds(time), ms.count());
}

std::string isoSeconds(TimePoint time)
{
    return isoUpToSeconds(time) + 'Z';
}

std::uint64_t scatter(std::string_view text, std::uint64_t number)
{
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325; // FNV-1a, then scattered
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3;
    return mixed(mixed(hash) + number * 0x9e37'79b9'7f4a'7c15);
}

std::string eventId(std::string_view text, std::uint64_t number)
{
    const std::uint64_t a = scatter(text, number);
    const std::uint64_t b = mixed(a + 0x9e37'79b9'7f4a'7c15);
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", a >> 32, (a >> 16) & 0xffff,
                       a & 0xfff, ((b >> 48) & 0x3fff) | 0x8000, b & 0xffff'ffff'ffff);
}

} // namespace coldframe::sources

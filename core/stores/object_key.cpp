#include "stores/object_key.h"

#include <fmt/format.h>

namespace coldframe::stores {

namespace {

/// A key for messages: shortened, control characters made visible.
std::string shown(std::string_view key)
{
    std::string text = "\"";
    for (const char c : key.substr(0, 80)) {
        if (static_cast<unsigned char>(c) < 0x20)
            text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            text += c;
    }
    return text + (key.size() > 80 ? "…\"" : "\"");
}

tl::unexpected<Error> refused(std::string_view key, std::string_view why, std::string_view hint)
{
    return tl::unexpected(Error{.code = Error::Code::Malformed,
                                .message = fmt::format("the key {} {}", shown(key), why),
                                .hint = std::string(hint)});
}

Result<void> checkPart(std::string_view key, std::string_view part)
{
    if (part.empty())
        return refused(key, "has an empty part", "use single slashes, none at the end");
    if (part == "." || part == "..")
        return refused(key, fmt::format("holds \"{}\"", part), "a key stays inside its store");
    if (part.size() > kMaxNameBytes)
        return refused(
            key,
            fmt::format("has a part of {} bytes; file names end at {}", part.size(), kMaxNameBytes),
            "use shorter names");
    if (part.starts_with(kTemporaryPrefix))
        return refused(key, fmt::format("begins a name with \"{}\"", kTemporaryPrefix),
                       "that is kept for files being written; use another name");
    return {};
}

} // namespace

Result<void> checkKey(std::string_view key)
{
    if (key.empty())
        return refused(key, "is empty", "name the object");
    if (key.size() > kMaxKeyBytes)
        return refused(key, fmt::format("has {} bytes; the limit is {}", key.size(), kMaxKeyBytes),
                       "use a shorter key");
    if (key.find('\0') != key.npos)
        return refused(key, "holds a NUL byte", "leave it out");
    if (key.starts_with('/'))
        return refused(key, "begins with a slash", "keys are relative to the store");
    for (std::size_t begin = 0; begin <= key.size();) {
        const std::size_t end = std::min(key.find('/', begin), key.size());
        if (auto checked = checkPart(key, key.substr(begin, end - begin)); !checked)
            return checked;
        begin = end + 1;
    }
    return {};
}

std::string resultKey(const std::string& sourceKey, const std::string& requestId, TimePoint time)
{
    if (!sourceKey.empty()) {
        std::string key = sourceKey.ends_with(".json") ? sourceKey : sourceKey + ".json";
        if (checkKey(key))
            return key;
    }
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}.{:03}Z-{}.json", int(date.year()),
                       unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count(),
                       requestId);
}

} // namespace coldframe::stores

#include "study/sweep.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "model/json_edit.h"
#include "model/json_text.h"

namespace coldframe::study {

namespace {

constexpr std::uint64_t kMostValues = 1'000'000;

Error wrong(std::string message, std::string hint)
{
    return {Error::Code::Malformed, std::move(message), std::move(hint), {}, {}};
}

std::string jsonOf(const std::string& text)
{
    return parseJson(text, "a value") ? text : quotedJson(text);
}

std::optional<double> numberOf(std::string_view text)
{
    double number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

std::string textOf(double number)
{
    char buffer[32];
    const double whole = std::round(number);
    if (std::abs(number - whole) < 1e-9 * std::max(1.0, std::abs(number)) && std::abs(whole) < 1e15)
        return std::to_string(static_cast<std::int64_t>(whole));
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    return {buffer, end};
}

Result<std::vector<std::string>> rangeOf(const std::string& text)
{
    const std::size_t dots = text.find(".."), slash = text.rfind('/');
    const auto hint = "write FROM..TO/COUNT, as in 60..3600/10";
    if (slash == std::string::npos || slash < dots)
        return tl::unexpected(wrong(fmt::format("the range \"{}\" has no count", text), hint));
    const auto from = numberOf(std::string_view(text).substr(0, dots));
    const auto to = numberOf(std::string_view(text).substr(dots + 2, slash - dots - 2));
    const auto count = numberOf(std::string_view(text).substr(slash + 1));
    if (!from || !to || !count || *count != std::floor(*count))
        return tl::unexpected(wrong(fmt::format("\"{}\" is no range of numbers", text), hint));
    if (*count < 2 || *count > static_cast<double>(kMostValues))
        return tl::unexpected(wrong(
            fmt::format("a range has 2 to {} values, got {}", kMostValues, text.substr(slash + 1)),
            hint));
    std::vector<std::string> values;
    const auto last = static_cast<std::uint64_t>(*count) - 1;
    for (std::uint64_t i = 0; i <= last; ++i)
        values.push_back(
            textOf(*from + (*to - *from) * static_cast<double>(i) / static_cast<double>(last)));
    return values;
}

/// At commas outside of quotes, brackets and braces.
std::vector<std::string> splitValues(const std::string& text)
{
    std::vector<std::string> values(1);
    int depth = 0;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"')
            quoted = !quoted;
        else if (!quoted)
            depth += (c == '[' || c == '{') - (c == ']' || c == '}');
        if (c == ',' && depth == 0 && !quoted)
            values.emplace_back();
        else
            values.back() += c;
    }
    return values;
}

Result<std::pair<std::string, std::string>> split(const std::string& text, const char* example)
{
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
        return tl::unexpected(wrong(fmt::format("\"{}\" sets nothing", text),
                                    fmt::format("write PATH=VALUE, as in {}", example)));
    return std::pair{text.substr(0, equals), text.substr(equals + 1)};
}

} // namespace

Result<Setting> parseSetting(const std::string& text)
{
    const auto parts = split(text, "functions.f.memoryMb=512");
    if (!parts)
        return tl::unexpected(parts.error());
    return Setting{parts->first, jsonOf(parts->second)};
}

Result<Sweep> parseSweep(const std::string& text)
{
    const auto parts = split(text, "functions.f.memoryMb=128,256,512");
    if (!parts)
        return tl::unexpected(parts.error());
    Sweep sweep{parts->first, {}};
    if (parts->second.find("..") != std::string::npos) {
        auto values = rangeOf(parts->second);
        if (!values)
            return tl::unexpected(values.error());
        sweep.values = std::move(*values);
        return sweep;
    }
    for (const std::string& value : splitValues(parts->second)) {
        if (value.empty())
            return tl::unexpected(wrong(fmt::format("\"{}\" has an empty value", text),
                                        "write PATH=A,B,C without a comma at an end"));
        sweep.values.push_back(jsonOf(value));
    }
    return sweep;
}

std::uint64_t pointCount(const std::vector<Sweep>& sweeps)
{
    constexpr std::uint64_t kMost = std::uint64_t{1} << 63;
    std::uint64_t count = 1;
    for (const Sweep& sweep : sweeps)
        count = count > kMost / sweep.values.size() ? kMost : count * sweep.values.size();
    return count;
}

std::vector<Setting> pointAt(const std::vector<Sweep>& sweeps, std::uint64_t index)
{
    std::vector<Setting> point(sweeps.size());
    for (std::size_t i = sweeps.size(); i-- > 0;) {
        const auto& values = sweeps[i].values;
        point[i] = {sweeps[i].path, values[index % values.size()]};
        index /= values.size();
    }
    return point;
}

Result<std::string> pointerOf(const std::string& path)
{
    std::string pointer, name;
    bool quoted = false, any = false;
    const auto bad = [&] {
        return tl::unexpected(wrong(fmt::format("\"{}\" is no path", path),
                                    "write names with dots between them, as in "
                                    "functions.f.memoryMb"));
    };
    for (std::size_t i = 0; i <= path.size(); ++i) {
        const bool end = i == path.size();
        if (!end && path[i] == '"') {
            quoted = !quoted, any = true;
        } else if (end || (path[i] == '.' && !quoted)) {
            if (name.empty() && !any)
                return bad();
            pointer = childPointer(pointer, name);
            name.clear(), any = false;
        } else {
            name += path[i];
        }
    }
    if (quoted)
        return bad();
    return pointer;
}

} // namespace coldframe::study

#include "traces/csv_header.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "model/suggestion.h"

namespace coldframe::traces {

namespace {

bool isNumber(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> asStrings(std::span<const std::string_view> names)
{
    return {names.begin(), names.end()};
}

} // namespace

Result<CsvHeader> CsvHeader::read(const CsvText& csv)
{
    const char* at = csv.text.data();
    const char* const end = at + csv.text.size();
    if (csv.text.empty())
        return tl::unexpected(Error{.code = Error::Code::Malformed,
                                    .message = "the file is empty",
                                    .hint = "download it again, or choose another one",
                                    .file = csv.file});
    if (csv.text.starts_with("\xef\xbb\xbf"))
        at += 3; // a byte order mark
    CsvHeader header;
    std::unordered_set<std::string_view> seen;
    for (bool more = true; more;) {
        const char* const start = at;
        while (at != end && *at != ',' && !atLineEnd(at, end))
            ++at;
        const std::string_view name(start, static_cast<std::size_t>(at - start));
        if (!seen.insert(name).second)
            return tl::unexpected(errorAt(csv, start, Error::Code::Duplicate,
                                          fmt::format("the column \"{}\" is there twice", name),
                                          "remove one of them"));
        header.m_names.push_back(name);
        more = at != end && *at == ',';
        at += more;
    }
    header.m_rows = nextLine(csv, at);
    if (header.m_rows == end)
        return tl::unexpected(errorAt(csv, at, Error::Code::Malformed,
                                      "there are no rows below the header",
                                      "the file is cut off: download it again"));
    return header;
}

std::optional<std::size_t> CsvHeader::find(std::string_view name) const
{
    const auto found = std::ranges::find(m_names, name);
    if (found == m_names.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - m_names.begin());
}

Result<void> CsvHeader::check(const CsvText& csv, std::span<const std::string_view> required,
                              std::span<const std::string_view> optional) const
{
    std::vector<std::string> unknown;
    for (const std::string_view name : m_names)
        if (!isNumber(name) && std::ranges::find(required, name) == required.end()
            && std::ranges::find(optional, name) == optional.end())
            unknown.emplace_back(name);
    const auto missingOf = [&](std::span<const std::string_view> names) {
        return std::ranges::count_if(names, [&](std::string_view name) { return !find(name); });
    };
    const auto missing = [&](std::string_view name, bool needed) -> Result<void> {
        if (find(name))
            return {};
        auto meant = suggestFor(name, unknown);
        if (!meant && !needed)
            return {};
        if (!meant && unknown.size() == 1 && missingOf(required) == 1)
            meant = unknown.front(); // nothing else is left that it could be
        const std::string_view there = meant ? m_names[*find(*meant)] : m_names.front();
        return tl::unexpected(errorAt(
            csv, there.data(), Error::Code::Missing, fmt::format("there is no column \"{}\"", name),
            meant ? fmt::format("rename the column \"{}\" to \"{}\"", *meant, name)
                  : "this file must have the columns " + listOfNames(asStrings(required))));
    };
    for (const std::string_view name : required)
        if (auto there = missing(name, true); !there)
            return there;
    for (const std::string_view name : optional)
        if (auto there = missing(name, false); !there)
            return there;
    return {};
}

Error tooFewColumns(const CsvText& csv, const char* at, std::size_t found, std::size_t expected)
{
    const char* const end = csv.text.data() + csv.text.size();
    const bool last = nextLine(csv, at) == end;
    return errorAt(csv, at, Error::Code::Malformed,
                   fmt::format("the line ends after {} of {} columns", found, expected),
                   last ? "the file is cut off: download it again"
                        : "correct this line, or remove it");
}

Error tooManyColumns(const CsvText& csv, const char* at, std::size_t expected)
{
    return errorAt(csv, at, Error::Code::Malformed,
                   fmt::format("the line has more than the header's {} columns", expected),
                   "correct this line, or remove it");
}

} // namespace coldframe::traces

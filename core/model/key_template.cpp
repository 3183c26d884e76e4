#include "model/key_template.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "model/result_field.h"
#include "model/utf8.h"

namespace coldframe {

namespace {

// Source: Amazon S3 user guide, "Naming Amazon S3 objects", read 2026-11, and Linux file systems.
constexpr std::size_t kMaxKey = 1024, kMaxPart = 255;
constexpr std::size_t kLongest = 100; ///< bytes of a value
constexpr std::size_t kShortest = 24; ///< when the key becomes too long otherwise
constexpr std::size_t kChecksum = 17; ///< bytes, with its "~"
constexpr std::string_view kFallback = "none";
constexpr std::string_view kKept = ".coldframe-"; ///< names of files that are being written

tl::unexpected<Error> malformed(std::string message, std::string hint)
{
    return tl::unexpected(Error{
        .code = Error::Code::Malformed, .message = std::move(message), .hint = std::move(hint)});
}

/// FNV-1a: the same on every machine.
std::uint64_t checksumOf(std::string_view text)
{
    std::uint64_t sum = 0xcbf29ce484222325u;
    for (const char c : text)
        sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return sum;
}

std::string escapedValue(std::string_view value, std::size_t longest)
{
    std::string text;
    for (std::size_t at = 0; at < value.size();) {
        const std::size_t bytes = std::max<std::size_t>(1, utf8Length(value, at));
        const auto code = static_cast<unsigned char>(value[at]);
        const bool plain = code >= 0x20 && code != 0x7f && code != '/' && code != '%';
        const std::string unit
            = plain ? std::string(value.substr(at, bytes)) : fmt::format("%{:02X}", code);
        if (text.size() + unit.size() > longest)
            return text + fmt::format("~{:016x}", checksumOf(value));
        text += unit;
        at += plain ? bytes : 1;
    }
    return text;
}

template <typename Visit> void eachPart(std::string_view key, Visit&& visit)
{
    for (std::size_t begin = 0; begin <= key.size();) {
        const std::size_t end = std::min(key.find('/', begin), key.size());
        visit(key.substr(begin, end - begin));
        begin = end + 1;
    }
}

bool fits(std::string_view key)
{
    bool good = key.size() <= kMaxKey;
    eachPart(key, [&](std::string_view part) { good = good && part.size() <= kMaxPart; });
    return good;
}

/// No value can lead out of the store or look like a file that is being written.
std::string keptInside(std::string_view key)
{
    std::string safe;
    eachPart(key, [&](std::string_view part) {
        if (!safe.empty())
            safe += '/';
        const std::size_t dots = part == "." || part == ".." ? part.size()
            : part.starts_with(kKept)                        ? 1
                                                             : 0;
        for (std::size_t i = 0; i < dots; ++i)
            safe += "%2E";
        safe += part.substr(dots);
    });
    return safe;
}

} // namespace

Result<KeyTemplate> KeyTemplate::parse(std::string_view text)
{
    KeyTemplate made;
    if (auto read = made.readParts(text); !read)
        return tl::unexpected(read.error());
    if (auto checked = made.check(); !checked)
        return tl::unexpected(checked.error());
    return made;
}

void KeyTemplate::addLiteral(std::string_view text)
{
    if (m_parts.empty() || !m_parts.back().field.empty())
        m_parts.emplace_back();
    m_parts.back().literal += text;
}

Result<void> KeyTemplate::readParts(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c != '{' && c != '}') {
            const std::size_t end = std::min(text.find_first_of("{}", at), text.size());
            addLiteral(text.substr(at, end - at));
            at = end;
        } else if (at + 1 < text.size() && text[at + 1] == c) {
            addLiteral(text.substr(at, 1));
            at += 2;
        } else if (c == '}') {
            return malformed("a } in the key closes nothing", "a plain } is written }}");
        } else {
            const std::size_t end = text.find('}', at);
            if (end == text.npos)
                return malformed("a { in the key is not closed",
                                 "write a field such as {requestId}; a plain { is written {{");
            if (auto read = readField(text.substr(at + 1, end - at - 1)); !read)
                return read;
            at = end + 1;
        }
    }
    return {};
}

Result<void> KeyTemplate::readField(std::string_view inBraces)
{
    const std::size_t bar = inBraces.find('|');
    const std::string_view field = inBraces.substr(0, bar);
    if (auto problem = problemInField(field, FieldUse::Key))
        return tl::unexpected(std::move(*problem));
    const std::string_view otherwise = bar == inBraces.npos ? kFallback : inBraces.substr(bar + 1);
    if (otherwise.empty())
        return malformed(fmt::format("nothing follows the bar in {{{}}}", inBraces),
                         "name what stands there when the field is missing, such as "
                         "{payload.id|none}");
    m_parts.push_back({{}, std::string(field), std::string(otherwise)});
    return {};
}

Result<void> KeyTemplate::check() const
{
    const std::string longest(kShortest + kChecksum, 'x'); // what every value can be cut to
    std::string sample;
    for (const Part& part : m_parts)
        sample += part.field.empty() ? part.literal : longest;
    if (!fits(sample))
        return malformed("the key can become longer than a file's name may be",
                         "use fewer fields and shorter texts: 255 bytes between two slashes, 1024 "
                         "together");
    if (sample.starts_with('/'))
        return malformed("the key begins with a slash", "keys are relative to the store");
    std::optional<Error> problem;
    eachPart(sample, [&](std::string_view part) {
        if (part.empty())
            problem = malformed("the key has an empty part", "use single slashes, none at the end")
                          .value();
        else if (part == "." || part == "..")
            problem = malformed(fmt::format("the key holds \"{}\"", part),
                                "a key stays inside its store")
                          .value();
    });
    if (problem)
        return tl::unexpected(std::move(*problem));
    return {};
}

std::string KeyTemplate::expand(const Lookup& lookup, std::size_t longest) const
{
    std::string key;
    for (const Part& part : m_parts) {
        if (part.field.empty()) {
            key += part.literal;
            continue;
        }
        const std::optional<std::string> value = lookup(part.field);
        key += escapedValue(value && !value->empty() ? *value : part.otherwise, longest);
    }
    return keptInside(key);
}

std::string KeyTemplate::expand(const Lookup& lookup) const
{
    std::string key = expand(lookup, kLongest);
    return fits(key) ? key : expand(lookup, kShortest);
}

bool KeyTemplate::hasFields() const
{
    return std::ranges::any_of(m_parts, [](const Part& part) { return !part.field.empty(); });
}

bool KeyTemplate::isShared() const
{
    return std::ranges::none_of(m_parts, [](const Part& part) {
        return part.field == "requestId" || part.field == "sourceKey" || part.field == "source.name"
            || part.field == "time" || part.field.starts_with("payload")
            || part.field.starts_with("record");
    });
}

} // namespace coldframe

#include "model/glob.h"

#include <vector>

namespace coldframe {

namespace {

/// The end of the set that begins at `pattern[at]`, a '['; npos when it is not closed.
std::size_t endOfSet(std::string_view pattern, std::size_t at)
{
    std::size_t first = at + 1;
    if (first < pattern.size() && pattern[first] == '!')
        ++first;
    return pattern.find(']', first + 1); // a ']' right at the beginning is one of the set
}

bool isInSet(std::string_view set, char c)
{
    const bool negated = set.starts_with('!');
    if (negated)
        set.remove_prefix(1);
    const auto byte = [](char x) { return static_cast<unsigned char>(x); };
    bool found = false;
    for (std::size_t i = 0; i < set.size(); ++i) {
        const bool range = i + 2 < set.size() && set[i + 1] == '-';
        const char last = range ? set[i + 2] : set[i];
        found = found || (byte(set[i]) <= byte(c) && byte(c) <= byte(last));
        if (range)
            i += 2;
    }
    return found != negated;
}

/// One part against one part. Goes back to the last `*` only, which is enough.
bool matchesPart(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0, t = 0, star = pattern.npos, resume = 0;
    while (t < text.size()) {
        std::size_t next = p + 1;
        bool same = false;
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
            continue;
        }
        if (p < pattern.size() && pattern[p] == '[') {
            const std::size_t end = endOfSet(pattern, p);
            same = end != pattern.npos && isInSet(pattern.substr(p + 1, end - p - 1), text[t]);
            next = end + 1;
        } else if (p < pattern.size()) {
            same = pattern[p] == '?' || pattern[p] == text[t];
        }
        if (same) {
            p = next;
            ++t;
        } else if (star != pattern.npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

std::vector<std::string_view> partsOf(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = path.find('/');
        parts.push_back(path.substr(0, end));
        if (end == path.npos)
            return parts;
        path.remove_prefix(end + 1);
    }
}

} // namespace

bool matchesGlob(std::string_view pattern, std::string_view path)
{
    const auto wanted = partsOf(pattern), given = partsOf(path);
    std::size_t w = 0, g = 0, star = wanted.size(), resume = 0;
    while (g < given.size()) {
        if (w < wanted.size() && wanted[w] == "**") {
            star = w++;
            resume = g;
        } else if (w < wanted.size() && matchesPart(wanted[w], given[g])) {
            ++w;
            ++g;
        } else if (star < wanted.size()) {
            w = star + 1;
            g = ++resume;
        } else {
            return false;
        }
    }
    while (w < wanted.size() && wanted[w] == "**")
        ++w;
    return w == wanted.size();
}

std::optional<std::string> globProblem(std::string_view pattern)
{
    if (pattern.starts_with('/'))
        return "keys do not begin with /";
    for (const std::string_view part :
         pattern.empty() ? std::vector<std::string_view>() : partsOf(pattern)) {
        if (part.empty())
            return "a part between two / is empty";
        if (part != "**" && part.find("**") != part.npos)
            return "** must be a part of its own";
        for (std::size_t at = part.find('['); at != part.npos; at = part.find('[', at)) {
            at = endOfSet(part, at);
            if (at == part.npos)
                return "a [ is not closed";
        }
    }
    return std::nullopt;
}

} // namespace coldframe

#include "check/subject.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "model/utf8.h"

namespace coldframe::check {

namespace {

constexpr std::size_t kLongest = 60; ///< bytes of a value in a sentence
constexpr std::size_t kLongestLine = 300;
constexpr std::size_t kBefore = 15; ///< bytes shown before a difference

/// From the character that begins at or before `begin`.
std::string cut(const std::string& text, std::size_t begin, std::size_t longest = kLongest)
{
    while (begin > 0 && utf8Length(text, begin) == 0)
        --begin;
    std::size_t end = begin;
    while (end < text.size() && end - begin < longest)
        end += std::max<std::size_t>(1, utf8Length(text, end));
    return (begin > 0 ? "…" : "") + text.substr(begin, end - begin)
        + (end < text.size() ? "…" : "");
}

} // namespace

std::string shortened(const std::string& text)
{
    return cut(text, 0);
}

std::pair<std::string, std::string> shortenedPair(const std::string& a, const std::string& b)
{
    const std::size_t same = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1
                                                      - a.begin()); // may lie within a character
    const bool fits = a.size() <= kLongest && b.size() <= kLongest;
    const std::size_t begin = fits || same < kLongest / 2 ? 0 : same - kBefore;
    return {cut(a, std::min(begin, a.size())), cut(b, std::min(begin, b.size()))};
}

std::string asJson(const std::string& text)
{
    using Json = nlohmann::json;
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string oneLine(const std::string& text)
{
    std::string line = cut(text, 0, kLongestLine);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
            c = ' ';
    return line;
}

} // namespace coldframe::check

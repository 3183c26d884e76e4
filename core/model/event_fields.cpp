#include "model/event_fields.h"

#include <algorithm>
#include <array>
#include <regex>
#include <set>

#include "model/source_lines.h"

namespace coldframe {

namespace {

using Place = EventField::Place;

/// After the name of a part: the end of ["part"] or .get("part", {}), and an alternative to none.
#define COLDFRAME_PART_END                                                                         \
    R"re((?:['"](?:\s*,\s*\{\s*\})?\s*[\])])?(?:\s*(?:or|\|\||\?\?)\s*\{\s*\})?\)?)re"

/// Groups 1 to 3 are the key of .get("key"), ["key"] and .key, which is no call; 4 and 5 the type
/// of an attribute.
constexpr const char* kAccess
    = R"re((?:\??\.get\(\s*['"]([\w-]+)['"][^()]{0,20}\)|(?:\?\.)?\[\s*['"]([\w-]+)['"]\s*\]|\??\.([A-Za-z_]\w*)\b(?!\s*\())(?:\[\s*['"](S|N|BOOL)['"]\s*\]|\??\.(S|N|BOOL)\b)?)re";

/// An expression whose value is a part of the event, and what is done with it.
struct Part {
    Part(Place which, const std::string& text)
        : place(which), expression(text), access(text + kAccess), given(R"(\b(\w+))" + put(text)),
          takenOut(R"(\{([^{}]{1,200})\})" + put(text))
    { }

    Place place;
    std::string expression;
    std::regex access; ///< a key of it
    std::regex given; ///< `name = expression`
    std::regex takenOut; ///< `{ a, b } = expression`

private:
    static std::string put(const std::string& text)
    {
        return R"(\s*=\s*(?:await\s+)?[^=;{}]{0,40}?)" + text + R"((?=\s*(?:$|;|#|//)))";
    }
};

const std::array<Part, 6>& parts()
{
    static const std::array<Part, 6> all{{
        {Place::Event, R"re(\b_?(?:event|evt)\b)re"},
        {Place::Body,
         R"re((?:json\.loads|JSON\.parse)\(\s*[\w.?]*[(\[]?\s*['"]?\bbody\b['"]?(?:\s*,[^()]{0,10})?\s*[\])]?(?:\s*(?:or|\|\||\?\?)\s*['"]\{\}['"])?\s*\)?)re"},
        {Place::Path, R"re(\bpathParameters\b)re" COLDFRAME_PART_END},
        {Place::Query, R"re(\bqueryStringParameters\b)re" COLDFRAME_PART_END},
        {Place::Detail, R"re(\bdetail\b)re" COLDFRAME_PART_END},
        {Place::NewImage, R"re(\bNewImage\b)re" COLDFRAME_PART_END},
    }};
    return all;
}

bool matches(const std::string& text, const std::regex& pattern)
{
    return std::regex_search(text, pattern);
}

/// Whether an expression is used as a number: int(…), Number(…), * or /.
bool isUsedAsNumber(std::string_view source, const char* begin, const char* end)
{
    static const std::regex before(
        R"re((?:(?:\b(?:int|float|Decimal|Number|parseInt|parseFloat)\()|[*/]|=>?\s*[+-])\s*[\w.?\['"(]*$)re");
    static const std::regex after(R"(^\s*[*/][^/])");
    const char* const first = source.data();
    const char* const last = first + source.size();
    const char* from = begin;
    while (from > first && from[-1] != '\n' && begin - from < 60)
        --from;
    return matches(std::string(from, begin), before)
        || matches(std::string(end, std::min(last, end + 8)), after);
}

/// JSON of a value that goes with a key, as its words tell.
std::string valueFor(const std::string& key, bool isNumber)
{
    constexpr auto kSyntax = std::regex::icase | std::regex::optimize;
    static const std::regex number(
        R"((?:^|_|-)(?:[abnxy]|age|qty|year|page|size|num)$|quantity|count(?!ry)|amount|price|total|limit|offset|number|width|height|weight|score|rating|percent|celsius|temperature)",
        kSyntax);
    static const std::regex list(
        R"(^(?:items|lines|products|tags|entries|list|orders|users|values|numbers|ids)$)", kSyntax);
    static const std::regex flag(R"(^(?:is|has)[_A-Z]|enabled|active|dry_?run)", kSyntax);
    static const std::regex id(R"(id$|_no$|^key$)", kSyntax);
    struct Words {
        std::regex words;
        const char* value;
    };
    static const std::array<Words, 6> texts{{
        {std::regex("e?mail", kSyntax), "\"ada@example.com\""},
        {std::regex("url|uri|link|href", kSyntax), "\"https://example.com/\""},
        {std::regex("time|_at$", kSyntax), "\"2026-05-12T07:45:00Z\""},
        {std::regex("date|day$", kSyntax), "\"2026-05-12\""},
        {std::regex("name|user|customer|author", kSyntax), "\"Ada\""},
        {std::regex("currency", kSyntax), "\"EUR\""},
    }};
    if (matches(key, id))
        return isNumber ? "42" : "\"42\"";
    if (isNumber || matches(key, number))
        return "3";
    if (matches(key, list))
        return "[]";
    if (matches(key, flag))
        return "true";
    for (const Words& text : texts)
        if (matches(key, text.words))
            return text.value;
    return "\"hello\"";
}

class Fields {
public:
    explicit Fields(std::string_view source) : m_source(source) { }

    void addPart(const Part& part)
    {
        addAccesses(part.place, part.access);
        std::set<std::string> names;
        if (part.place != Place::Event)
            everyMatch(m_source, part.given,
                       [&](const std::cmatch& match) { names.insert(match[1].str()); });
        for (const std::string& name : names)
            if (!part.expression.starts_with("\\b" + name + "\\b"))
                addAccesses(part.place, std::regex("\\b" + name + "\\b" + kAccess));
        everyMatch(m_source, part.takenOut,
                   [&](const std::cmatch& match) { addList(part.place, match[1].str()); });
        if (part.place == Place::Event) {
            static const std::regex parameter(
                R"(\basync\s*(?:function\s*\w*\s*)?\(\s*\{([^{}]{1,200})\}\s*[,)])");
            everyMatch(m_source, parameter,
                       [&](const std::cmatch& match) { addList(part.place, match[1].str()); });
        }
    }

    std::vector<EventField> found;

private:
    void addAccesses(Place place, const std::regex& access)
    {
        everyMatch(m_source, access, [&](const std::cmatch& match) {
            const auto group = [&](int first, int last) {
                while (first < last && !match[first].matched)
                    ++first;
                return match[first].str();
            };
            const bool number = isUsedAsNumber(m_source, match[0].first, match[0].second);
            add(place, group(1, 3), number, group(4, 5));
        });
    }

    /// `a, b: renamed, c = 1`.
    void addList(Place place, const std::string& list)
    {
        static const std::regex name(R"((?:^|,)\s*(\w+))");
        for (std::sregex_iterator one(list.begin(), list.end(), name), end; one != end; ++one)
            add(place, (*one)[1].str(), false, {});
    }

    void add(Place place, const std::string& key, bool isNumber, std::string type)
    {
        const bool image = place == Place::NewImage;
        if (image && type.empty())
            type = "S";
        std::string value = valueFor(key, isNumber || type == "N");
        if (type == "BOOL")
            value = "true";
        const auto known = std::ranges::find_if(found, [&](const EventField& field) {
            return field.place == place && field.key == key;
        });
        if (known == found.end())
            found.push_back({place, key, std::move(value), image ? std::move(type) : ""});
        else if (isNumber)
            known->value = std::move(value); // one use as a number says more than all others
    }

    std::string_view m_source;
};

} // namespace

std::vector<EventField> eventFields(std::string_view source)
{
    Fields fields(source);
    for (const Part& part : parts())
        fields.addPart(part);
    return std::move(fields.found);
}

} // namespace coldframe

#include "model/node_exports.h"

#include <algorithm>
#include <optional>
#include <regex>

#include "model/parameter_list.h"
#include "model/source_lines.h"

namespace coldframe {

namespace {

using Likeness = NodeExport::Likeness;

constexpr std::size_t kFarthest = 4'000; ///< how far a list of names or arguments may reach
constexpr int kDeepestWrapper = 4; ///< wrappers within wrappers

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || c == '$';
}

/// Without the blanks, line ends and comments that it begins with.
std::string_view pastComments(std::string_view text)
{
    for (;;) {
        text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
        if (text.starts_with("//"))
            text.remove_prefix(std::min(text.find('\n'), text.size()));
        else if (text.starts_with("/*"))
            text.remove_prefix(std::min(text.find("*/", 2), text.size() - 2) + 2);
        else
            return text;
    }
}

std::string_view wordAt(std::string_view text)
{
    const auto end = std::ranges::find_if_not(text, isWord);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// What follows the bracket that closes the one `text` begins with; empty when none does.
std::string_view afterBrackets(std::string_view text)
{
    int depth = 0;
    for (std::size_t i = 0; i < std::min(text.size(), kFarthest); ++i) {
        const char c = text[i];
        if (c == '(' || c == '[' || c == '{') {
            ++depth;
        } else if (c == ')' || c == ']' || c == '}') {
            if (--depth == 0)
                return text.substr(i + 1);
        } else if (c == '"' || c == '\'' || c == '`') {
            const std::size_t end = text.find(c, i + 1); // a slip in a \" costs one proposal
            if (end == std::string_view::npos)
                return {};
            i = end;
        }
    }
    return {};
}

/// Whether what is taken out of a parameter, `{ Records }`, is what events hold.
bool takesEventApart(std::string_view text)
{
    static const std::regex keys(
        R"(^\{[^}]*\b(?:Records|body|rawPath|httpMethod|requestContext|headers|detail|pathParameters|queryStringParameters)\b)");
    const std::string_view list = text.substr(0, std::min(text.find('}'), std::size_t{300}));
    return std::regex_search(list.begin(), list.end(), keys);
}

/// `text` begins after the bracket that opens the parameters.
Likeness likenessOf(std::string_view text)
{
    const std::vector<std::string> names = parameters(text);
    const bool event
        = !names.empty() && (isEventName(names[0]) || takesEventApart(pastComments(text)));
    const bool context = names.size() > 1 && isContextName(names[1]);
    return event || context ? Likeness::TakesEvent : Likeness::Function;
}

/// Reads the values that names are given in one source.
class Values {
public:
    explicit Values(std::string_view source) : m_source(source) { }

    /// How the value that `text` begins with looks; nothing when it is no function.
    std::optional<Likeness> ofValue(std::string_view text, int depth = 0) const
    {
        text = pastComments(text);
        if (depth > kDeepestWrapper)
            return std::nullopt;
        if (text.starts_with('('))
            return pastComments(afterBrackets(text)).starts_with("=>")
                ? std::optional(likenessOf(text.substr(1)))
                : std::nullopt;
        const std::string_view word = wordAt(text);
        const std::string_view rest = pastComments(text.substr(word.size()));
        if (word.empty() || (word[0] >= '0' && word[0] <= '9') || word == "new" || word == "await"
            || word == "class" || word == "void")
            return std::nullopt;
        if (word == "async")
            return ofValue(rest, depth + 1);
        if (word == "function") {
            const std::size_t open = rest.find('(');
            return open < 200 ? std::optional(likenessOf(rest.substr(open + 1))) : std::nullopt;
        }
        if (rest.starts_with("=>"))
            return isEventName(word) ? Likeness::TakesEvent : Likeness::Function;
        return ofChain(word, rest, depth);
    }

    /// How a function looks that the source declares under this name.
    std::optional<Likeness> ofName(std::string_view name, int depth = 0) const
    {
        std::string escaped;
        for (const char c : name)
            escaped += c == '$' ? std::string("\\$") : std::string(1, c);
        const std::regex function(R"(^\s*(?:export\s+)?(?:async\s+)?function\s*\*?\s*)" + escaped
                                  + R"(\s*\()");
        const std::regex value(R"(^\s*(?:export\s+)?(?:const|let|var)\s+)" + escaped
                               + R"(\s*=(?![=>]))");
        std::optional<Likeness> found;
        eachMatch(m_source, function, [&](const std::cmatch& match, std::string_view rest) {
            found = std::max(found,
                             std::optional(likenessOf(rest.substr(
                                 static_cast<std::size_t>(match.position(0) + match.length(0))))));
        });
        eachMatch(m_source, value, [&](const std::cmatch& match, std::string_view rest) {
            const auto end = static_cast<std::size_t>(match.position(0) + match.length(0));
            found = std::max(found, ofValue(rest.substr(end), depth + 1));
        });
        return found;
    }

private:
    /// `a`, `a.b`, `a(…).b(…)`, `exports.b = …`: a name or calls, of which one gets a function.
    std::optional<Likeness> ofChain(std::string_view first, std::string_view rest, int depth) const
    {
        bool alone = true;
        for (int links = 0; links < 20; ++links) {
            if (rest.starts_with('.')) {
                rest = pastComments(rest.substr(1));
                rest = pastComments(rest.substr(wordAt(rest).size()));
                alone = false;
            } else if (rest.starts_with('(')) {
                if (const auto found = ofArguments(rest.substr(1), depth))
                    return found;
                rest = pastComments(afterBrackets(rest));
                alone = false;
            } else if (rest.starts_with('=') && !rest.starts_with("==")) {
                return ofValue(rest.substr(1), depth + 1);
            } else {
                break;
            }
        }
        return alone ? ofName(first, depth + 1) : std::nullopt;
    }

    std::optional<Likeness> ofArguments(std::string_view text, int depth) const
    {
        const std::string_view all = text.substr(0, kFarthest);
        std::size_t begin = 0;
        int inside = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const char c = all[i];
            if ((c == ',' || c == ')') && inside == 0) {
                if (const auto found = ofValue(text.substr(begin, i - begin), depth + 1))
                    return found;
                if (c == ')')
                    return std::nullopt;
                begin = i + 1;
            } else if (c == '(' || c == '[' || c == '{') {
                ++inside;
            } else if (c == ')' || c == ']' || c == '}') {
                --inside;
            }
        }
        return ofValue(text.substr(begin), depth + 1); // a long function, whose end is not in sight
    }

    std::string_view m_source;
};

bool isHandlerName(std::string_view name)
{
    return name == "handler" || name == "lambdaHandler";
}

/// Whether a value could be a handler that another module or a library makes.
bool mayBeMadeElsewhere(std::string_view value)
{
    const std::string_view text = pastComments(value);
    const std::string_view word = wordAt(text);
    return !word.empty() && !(word[0] >= '0' && word[0] <= '9') && word != "new" && word != "void"
        && word != "null" && word != "undefined" && !text.starts_with("process.env");
}

class Exports {
public:
    explicit Exports(std::string_view source) : m_values(source) { }

    void addValue(const std::string& name, std::string_view value)
    {
        add(name, m_values.ofValue(value), mayBeMadeElsewhere(value));
    }

    void addFunction(const std::string& name, std::string_view parameters)
    {
        add(name, likenessOf(parameters), true);
    }

    /// `text` begins after the `{` of `module.exports = { … }` or `export { … }`.
    void addList(std::string_view text)
    {
        for (int names = 0; names < 64; ++names) {
            text = pastComments(text);
            std::string_view word = wordAt(text);
            if (word.empty())
                return;
            std::string_view rest = pastComments(text.substr(word.size()));
            if (word == "async" && !wordAt(rest).empty()) {
                word = wordAt(rest);
                rest = pastComments(rest.substr(word.size()));
            }
            if (rest.starts_with(':')) {
                addValue(std::string(word), rest.substr(1));
            } else if (rest.starts_with('(')) {
                addFunction(std::string(word), rest.substr(1));
            } else if (wordAt(rest) == "as") {
                const std::string_view given = wordAt(pastComments(rest.substr(2)));
                add(std::string(given), m_values.ofName(word), true);
            } else {
                add(std::string(word), m_values.ofName(word), true);
            }
            text = afterNext(text);
        }
    }

    std::vector<NodeExport> found;

private:
    void add(const std::string& name, std::optional<Likeness> likeness, bool mayBeHandler)
    {
        if (isHandlerName(name) && (likeness || mayBeHandler))
            likeness = Likeness::Named;
        if (!likeness)
            return;
        const auto known = std::ranges::find(found, name, &NodeExport::name);
        if (known == found.end())
            found.push_back({name, *likeness});
        else
            known->likeness = std::max(known->likeness, *likeness);
    }

    /// What follows the next comma of this list.
    static std::string_view afterNext(std::string_view text)
    {
        while (!text.empty() && text[0] != ',' && text[0] != '}') {
            const bool opens = text[0] == '(' || text[0] == '[' || text[0] == '{';
            text = opens ? afterBrackets(text) : text.substr(1);
        }
        return text.starts_with(',') ? text.substr(1) : std::string_view();
    }

    Values m_values;
};

} // namespace

std::vector<NodeExport> nodeExports(std::string_view source)
{
    static const std::regex exported(
        R"(^\s*(?:(?:module\.)?exports\.|export\s+(?:const|let|var)\s+)([A-Za-z_$][\w$]*)\s*=(?![=>]))");
    static const std::regex function(
        R"(^\s*export\s+(?:async\s+)?function\s*\*?\s*([A-Za-z_$][\w$]*)\s*\()");
    static const std::regex list(R"(^\s*(?:module\.exports\s*=|export)\s*\{)");
    Exports exports(source);
    const auto after = [](const std::cmatch& match, std::string_view rest) {
        return rest.substr(static_cast<std::size_t>(match.position(0) + match.length(0)));
    };
    // One pass a form, so that the order is kept within each; files mix forms rarely.
    eachMatch(source, exported, [&](const std::cmatch& match, std::string_view rest) {
        exports.addValue(match[1], after(match, rest));
    });
    eachMatch(source, function, [&](const std::cmatch& match, std::string_view rest) {
        exports.addFunction(match[1], after(match, rest));
    });
    eachMatch(source, list, [&](const std::cmatch& match, std::string_view rest) {
        exports.addList(after(match, rest));
    });
    const bool named = std::ranges::any_of(
        exports.found, [](const NodeExport& one) { return one.likeness == Likeness::Named; });
    if (named)
        std::erase_if(exports.found,
                      [](const NodeExport& one) { return one.likeness != Likeness::Named; });
    return exports.found;
}

} // namespace coldframe

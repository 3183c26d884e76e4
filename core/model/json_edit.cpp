#include "model/json_edit.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "model/json_text.h"

namespace coldframe {

namespace {

Error placeError(Error::Code code, const std::string& pointer, std::string message)
{
    return {code, std::move(message), {}, {}, pointer, 0, 0};
}

/// One thing in a container: where it begins (its key, in an object) and where it ends.
struct Entry {
    std::string name; ///< key, or index
    JsonValue value;
    std::size_t begin = 0, end = 0;
};

/// A text that is being looked at, with places of its parts as offsets.
class Places {
public:
    explicit Places(const JsonText& json) : m_text(json.text()), m_root(json.root()) { }

    std::size_t beginOf(const JsonValue& value) const
    {
        return static_cast<std::size_t>(value.raw().data() - m_text.data());
    }
    std::size_t endOf(const JsonValue& value) const { return beginOf(value) + value.raw().size(); }

    std::vector<Entry> entries(const JsonValue& container) const
    {
        std::vector<Entry> found;
        std::size_t at = beginOf(container) + 1;
        const auto add = [&](std::string name, const JsonValue& value) {
            const std::size_t begin = m_text.find_first_not_of(" \t\r\n,", at);
            at = endOf(value);
            found.push_back({std::move(name), value, begin, at});
        };
        if (container.isObject())
            for (JsonMember& member : container.members())
                add(std::move(member.key), member.value);
        else if (container.isArray())
            for (const JsonValue& element : container.elements())
                add(std::to_string(found.size()), element);
        return found;
    }

    /// What stands at these steps; none when the way ends earlier.
    std::optional<JsonValue> find(const std::vector<std::string>& steps) const
    {
        JsonValue at = m_root;
        for (const std::string& step : steps) {
            const std::vector<Entry> found = entries(at);
            const auto next = std::ranges::find(found, step, &Entry::name);
            if (next == found.end())
                return std::nullopt;
            at = next->value;
        }
        return at;
    }

    bool isOnOneLine(const JsonValue& value) const
    {
        return value.raw().find('\n') == std::string_view::npos;
    }
    /// The blanks that the line of this offset begins with.
    std::string indentAt(std::size_t offset) const
    {
        const std::size_t line = m_text.rfind('\n', offset) + 1; // npos + 1 is 0
        const std::size_t end = std::min(m_text.find_first_not_of(" \t", line), offset);
        return m_text.substr(line, end - line);
    }
    /// One level, as the first member of the file shows it.
    std::string unit() const
    {
        const std::vector<Entry> top = entries(m_root);
        const std::string found = top.empty() ? std::string() : indentAt(top.front().begin);
        return found.empty() ? "  " : found;
    }
    std::string newLine() const { return m_text.find("\r\n") != std::string::npos ? "\r\n" : "\n"; }

    /// A file of one line stays one.
    bool isOneLiner() const { return isOnOneLine(m_root) && m_root.compact().size() > 2; }

    const std::string& text() const { return m_text; }

private:
    const std::string& m_text;
    JsonValue m_root;
};

Result<std::vector<std::string>> stepsOf(const std::string& pointer)
{
    std::vector<std::string> steps;
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/')
            steps.emplace_back();
        else if (steps.empty())
            break; // it must begin with a slash
        else if (pointer[i] == '~' && i + 1 < pointer.size())
            steps.back() += pointer[++i] == '1' ? '/' : '~';
        else
            steps.back() += pointer[i];
    }
    if (steps.empty())
        return tl::unexpected(placeError(Error::Code::Malformed, pointer,
                                         fmt::format("\"{}\" names no place", pointer)));
    return steps;
}

/// A value among what stands beside it in the same object or list.
struct Among {
    JsonValue container;
    std::vector<Entry> entries;
    std::size_t at = 0; ///< in entries
};

Result<Among> findAmong(const Places& places, const std::string& pointer)
{
    Result<std::vector<std::string>> steps = stepsOf(pointer);
    if (!steps)
        return tl::unexpected(steps.error());
    const std::string name = std::move(steps->back());
    steps->pop_back();
    if (const std::optional<JsonValue> container = places.find(*steps)) {
        Among among{*container, places.entries(*container)};
        for (; among.at < among.entries.size(); ++among.at)
            if (among.entries[among.at].name == name)
                return among;
    }
    return tl::unexpected(
        placeError(Error::Code::Missing, pointer, fmt::format("there is nothing at {}", pointer)));
}

/// Lays a value out: everything on one line, or a line for each part.
class Layout {
public:
    Layout(std::string unit, std::string newLine)
        : m_unit(std::move(unit)), m_newLine(std::move(newLine))
    { }

    std::string spread(const JsonValue& value, const std::string& indent) const
    {
        return write(value, &indent);
    }
    std::string line(const JsonValue& value) const { return write(value, nullptr); }

private:
    std::string write(const JsonValue& value, const std::string* indent) const
    {
        const bool object = value.isObject();
        if (!object && !value.isArray())
            return std::string(value.raw());
        const std::string inner = indent ? *indent + m_unit : std::string();
        const std::string gap = indent ? m_newLine + inner : object ? " " : "";
        std::string out;
        const auto add = [&](const std::string& key, const JsonValue& part) {
            out += out.empty() ? "" : ",";
            out += out.empty() || indent ? gap : " ";
            out += key + write(part, indent ? &inner : nullptr);
        };
        if (object)
            for (const JsonMember& member : value.members())
                add(quotedJson(member.key) + ": ", member.value);
        else
            for (const JsonValue& element : value.elements())
                add({}, element);
        if (out.empty())
            return object ? "{}" : "[]";
        out += indent ? m_newLine + *indent : object ? " " : "";
        return object ? '{' + out + '}' : '[' + out + ']';
    }

    std::string m_unit, m_newLine;
};

std::string replaced(const std::string& text, std::size_t begin, std::size_t end,
                     const std::string& with)
{
    return text.substr(0, begin) + with + text.substr(end);
}

std::string withValue(const Places& places, const JsonValue& old, const JsonValue& value)
{
    const std::size_t begin = places.beginOf(old);
    const bool oneLine = (old.isObject() || old.isArray()) && places.isOnOneLine(old)
        && old.compact().size() > 2; // an empty one shows no layout
    const Layout layout(places.unit(), places.newLine());
    return replaced(places.text(), begin, places.endOf(old),
                    oneLine || places.isOneLiner() ? layout.line(value)
                                                   : layout.spread(value, places.indentAt(begin)));
}

std::string withMember(const Places& places, const JsonValue& object, const std::string& key,
                       const JsonValue& value)
{
    const std::vector<Entry> entries = places.entries(object);
    const Layout layout(places.unit(), places.newLine());
    const std::string name = quotedJson(key) + ": ";
    const std::size_t begin = places.beginOf(object);
    if (places.isOnOneLine(object) && (!entries.empty() || places.isOneLiner())) {
        const std::string added = name + layout.line(value);
        if (entries.empty())
            return replaced(places.text(), begin, places.endOf(object), "{ " + added + " }");
        return replaced(places.text(), entries.back().end, entries.back().end, ", " + added);
    }
    const std::string outer = places.indentAt(begin);
    const std::string indent
        = entries.empty() ? outer + places.unit() : places.indentAt(entries.back().begin);
    const std::string line = places.newLine() + indent + name + layout.spread(value, indent);
    if (entries.empty())
        return replaced(places.text(), begin, places.endOf(object),
                        '{' + line + places.newLine() + outer + '}');
    return replaced(places.text(), entries.back().end, entries.back().end, ',' + line);
}

} // namespace

std::string quotedJson(std::string_view text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            (quoted += '\\') += c;
        else if (c == '\n')
            quoted += "\\n";
        else if (c == '\t')
            quoted += "\\t";
        else if (static_cast<unsigned char>(c) < 0x20)
            quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            quoted += c;
    }
    return quoted += '"';
}

Result<std::string> setJson(const std::string& text, const std::string& pointer,
                            const std::string& value)
{
    const Result<JsonText> json = parseJson(text, {});
    if (!json)
        return tl::unexpected(json.error());
    const Result<std::vector<std::string>> steps = stepsOf(pointer);
    if (!steps)
        return tl::unexpected(steps.error());
    Result<JsonText> given = parseJson(value, {});
    if (!given) { // its line and column are not those of the file
        given.error().line = given.error().column = 0;
        given.error().pointer = pointer;
        return tl::unexpected(given.error());
    }
    const Places places(*json);
    if (const std::optional<JsonValue> old = places.find(*steps))
        return old->compact() == given->root().compact() ? text
                                                         : withValue(places, *old, given->root());
    std::vector<std::string> way = *steps;
    std::string added(given->root().raw());
    while (true) {
        const std::string key = std::move(way.back());
        way.pop_back();
        if (const std::optional<JsonValue> object = places.find(way)) {
            if (!object->isObject())
                return tl::unexpected(
                    placeError(Error::Code::Missing, pointer,
                               fmt::format("nothing can be added at {}", pointer)));
            const Result<JsonText> member = parseJson(added, {});
            return withMember(places, *object, key, member->root());
        }
        added = '{' + quotedJson(key) + ':' + added + '}';
    }
}

Result<std::string> removeJson(const std::string& text, const std::string& pointer)
{
    const Result<JsonText> json = parseJson(text, {});
    if (!json)
        return tl::unexpected(json.error());
    const Places places(*json);
    const Result<Among> among = findAmong(places, pointer);
    if (!among)
        return tl::unexpected(among.error());
    const auto& [container, entries, at] = *among;
    if (entries.size() == 1) // with all its white space: {} shows that nothing is left
        return replaced(text, places.beginOf(container) + 1, places.endOf(container) - 1, {});
    if (at + 1 == entries.size())
        return replaced(text, entries[at - 1].end, entries[at].end, {});
    return replaced(text, entries[at].begin, entries[at + 1].begin, {});
}

Result<std::string> renameJson(const std::string& text, const std::string& pointer,
                               std::string_view key)
{
    const Result<JsonText> json = parseJson(text, {});
    if (!json)
        return tl::unexpected(json.error());
    const Places places(*json);
    const Result<Among> among = findAmong(places, pointer);
    if (!among)
        return tl::unexpected(among.error());
    const auto& [object, entries, at] = *among;
    if (!object.isObject())
        return tl::unexpected(placeError(Error::Code::Missing, pointer,
                                         fmt::format("there is nothing at {}", pointer)));
    if (key == entries[at].name)
        return text;
    if (std::ranges::find(entries, key, &Entry::name) != entries.end())
        return tl::unexpected(placeError(Error::Code::Duplicate, pointer,
                                         fmt::format("\"{}\" is there already", key)));
    // Between key and value stand a colon and blanks only, so the key ends at the last quote.
    const std::size_t end = text.rfind('"', places.beginOf(entries[at].value) - 1) + 1;
    return replaced(text, entries[at].begin, end, quotedJson(key));
}

} // namespace coldframe

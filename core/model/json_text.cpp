#include "model/json_text.h"

#include <charconv>

#include "model/json_tape.h"

namespace coldframe {

using detail::JsonNode;
using detail::JsonTape;

JsonValue::Kind JsonValue::kind() const
{
    return m_tape->nodes[m_index].kind;
}

std::string_view JsonValue::raw() const
{
    const JsonNode& node = m_tape->nodes[m_index];
    return std::string_view(m_tape->text).substr(node.begin, node.end - node.begin);
}

std::string JsonValue::compact() const
{
    std::string out;
    bool inString = false;
    const std::string_view source = raw();
    for (std::size_t i = 0; i < source.size(); ++i) {
        const char c = source[i];
        if (inString && c == '\\') {
            out += c;
            out += source[++i];
            continue;
        }
        if (c == '"')
            inString = !inString;
        if (inString || (c != ' ' && c != '\t' && c != '\n' && c != '\r'))
            out += c;
    }
    return out;
}

bool JsonValue::boolean() const
{
    return raw() == "true";
}

std::string JsonValue::string() const
{
    return detail::decodeString(m_tape->text, m_tape->nodes[m_index].begin);
}

std::optional<std::int64_t> JsonValue::integer() const
{
    const std::string_view digits = raw();
    std::int64_t value = 0;
    const auto [end, problem]
        = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return value;
}

double JsonValue::number() const
{
    const std::string_view digits = raw();
    double value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::vector<JsonMember> JsonValue::members() const
{
    std::vector<JsonMember> found;
    const std::uint32_t end = m_tape->nodes[m_index].next;
    for (std::uint32_t i = m_index + 1; i < end; i = m_tape->nodes[i].next)
        found.push_back(
            {detail::decodeString(m_tape->text, m_tape->nodes[i].key), JsonValue(m_tape, i)});
    return found;
}

std::vector<JsonValue> JsonValue::elements() const
{
    std::vector<JsonValue> found;
    const std::uint32_t end = m_tape->nodes[m_index].next;
    for (std::uint32_t i = m_index + 1; i < end; i = m_tape->nodes[i].next)
        found.push_back(JsonValue(m_tape, i));
    return found;
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const
{
    std::string storage;
    const std::uint32_t end = m_tape->nodes[m_index].next;
    for (std::uint32_t i = m_index + 1; i < end; i = m_tape->nodes[i].next)
        if (detail::decodeString(m_tape->text, m_tape->nodes[i].key, storage) == key)
            return JsonValue(m_tape, i);
    return std::nullopt;
}

JsonValue JsonText::root() const
{
    return {m_tape.get(), 0};
}
const std::string& JsonText::fileName() const
{
    return m_tape->fileName;
}
const std::string& JsonText::text() const
{
    return m_tape->text;
}

namespace {
/// Next step of a pointer, unescaped; `rest` loses it.
std::string takeStep(std::string_view& rest)
{
    rest.remove_prefix(1); // the slash
    std::string step;
    while (!rest.empty() && rest.front() != '/') {
        if (rest.front() == '~' && rest.size() > 1) {
            step += rest[1] == '1' ? '/' : '~';
            rest.remove_prefix(2);
        } else {
            step += rest.front();
            rest.remove_prefix(1);
        }
    }
    return step;
}

std::optional<JsonValue> element(const JsonValue& list, const std::string& step)
{
    std::size_t index = 0;
    const char* const last = step.data() + step.size();
    const auto [end, problem] = std::from_chars(step.data(), last, index);
    const std::vector<JsonValue> elements = list.elements();
    if (problem != std::errc() || end != last || index >= elements.size())
        return std::nullopt;
    return elements[index];
}
} // namespace

Position JsonText::positionOf(const std::string& jsonPointer) const
{
    JsonValue at = root();
    std::string_view rest = jsonPointer;
    while (!rest.empty() && rest.front() == '/') {
        const std::string step = takeStep(rest);
        std::optional<JsonValue> child;
        if (at.isObject())
            child = at.find(step);
        else if (at.isArray())
            child = element(at, step);
        if (!child)
            break;
        at = *child;
    }
    const JsonNode& node = m_tape->nodes[at.m_index];
    const detail::TextPlace value = detail::placeOf(m_tape->text, node.begin);
    Position position{value.line, value.column, 0, 0};
    if (node.key != detail::kNoKey) {
        const detail::TextPlace key = detail::placeOf(m_tape->text, node.key);
        position.keyLine = key.line;
        position.keyColumn = key.column;
    }
    return position;
}

Result<JsonText> parseJson(std::string text, std::string fileName)
{
    const auto tape = std::make_shared<JsonTape>();
    tape->text = std::move(text);
    tape->fileName = std::move(fileName);
    if (Result<void> scanned = detail::scanJson(*tape); !scanned)
        return tl::unexpected(std::move(scanned).error());
    return JsonText(tape);
}

std::string childPointer(const std::string& pointer, std::string_view key)
{
    std::string child = pointer + '/';
    for (const char c : key) {
        if (c == '~')
            child += "~0";
        else if (c == '/')
            child += "~1";
        else
            child += c;
    }
    return child;
}

std::string childPointer(const std::string& pointer, std::size_t index)
{
    return pointer + '/' + std::to_string(index);
}

} // namespace coldframe

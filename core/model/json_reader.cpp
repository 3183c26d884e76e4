#include "model/json_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/suggestion.h"
#include "model/utf8.h"

namespace coldframe {

Error errorAt(const JsonText& text, const std::string& pointer, bool atKey, Error::Code code,
              std::string message, std::string hint)
{
    const Position at = text.positionOf(pointer);
    const bool useKey = atKey && at.keyLine > 0;
    return {code,
            std::move(message),
            std::move(hint),
            text.fileName(),
            pointer,
            useKey ? at.keyLine : at.line,
            useKey ? at.keyColumn : at.column};
}

std::string excerpt(const JsonValue& value)
{
    constexpr std::size_t kLongest = 40;
    if (value.isObject())
        return "an object";
    if (value.isArray())
        return "a list";
    const std::string raw(value.raw());
    std::size_t end = 0;
    while (end < raw.size() && end < kLongest)
        end += std::max<std::size_t>(1, utf8Length(raw, end));
    return end < raw.size() ? raw.substr(0, end) + "…" : raw;
}

JsonReader::JsonReader(const JsonText& text, const JsonValue& object, std::string pointer,
                       std::string what, Errors& errors)
    : m_text(text), m_pointer(std::move(pointer)), m_what(std::move(what)), m_errors(errors)
{
    if (object.isObject())
        m_object = object;
    else
        failAt(Error::Code::Malformed, m_pointer, false,
               fmt::format("{} must be an object in {{ }}, got {}", m_what, excerpt(object)), {});
}

JsonReader::JsonReader(const JsonText& text, std::string what, Errors& errors)
    : JsonReader(text, text.root(), "", std::move(what), errors)
{ }

void JsonReader::failAt(Error::Code code, const std::string& pointer, bool atKey,
                        std::string message, std::string hint)
{
    m_errors.push_back(errorAt(m_text, pointer, atKey, code, std::move(message), std::move(hint)));
}

void JsonReader::fail(Error::Code code, const std::string& key, std::string message,
                      std::string hint)
{
    failAt(code, pointer(key), false, std::move(message), std::move(hint));
}

std::optional<JsonValue> JsonReader::value(const std::string& key)
{
    if (std::ranges::find(m_known, key) == m_known.end())
        m_known.push_back(key);
    return m_object ? m_object->find(key) : std::nullopt;
}

bool JsonReader::has(const std::string& key)
{
    return value(key).has_value();
}

void JsonReader::require(const std::string& key, std::string hint)
{
    if (m_object && !has(key))
        failAt(Error::Code::Missing, m_pointer, false, fmt::format("{} needs \"{}\"", m_what, key),
               std::move(hint));
}

std::string JsonReader::string(const std::string& key, std::string fallback, TextRule rule)
{
    const std::optional<JsonValue> found = value(key);
    if (!found)
        return fallback;
    if (!found->isString()) {
        fail(Error::Code::Malformed, key,
             fmt::format("{} must be a text in double quotes, got {}", key, excerpt(*found)));
        return fallback;
    }
    std::string text = found->string();
    if (text.size() < rule.min)
        fail(Error::Code::OutOfRange, key, fmt::format("{} must not be empty", key));
    else if (text.size() > rule.max)
        fail(Error::Code::OutOfRange, key,
             fmt::format("{} must have at most {} bytes, got {}", key, rule.max, text.size()));
    else if (text.find('\0') != std::string::npos)
        fail(Error::Code::Malformed, key,
             fmt::format("{} must not contain the character \\u0000", key));
    else
        return text;
    return fallback;
}

bool JsonReader::boolean(const std::string& key, bool fallback)
{
    const std::optional<JsonValue> found = value(key);
    if (!found)
        return fallback;
    if (found->kind() == JsonValue::Kind::Boolean)
        return found->boolean();
    fail(Error::Code::Malformed, key,
         fmt::format("{} must be true or false, got {}", key, excerpt(*found)));
    return fallback;
}

std::int64_t JsonReader::integer(const std::string& key, IntegerRange range, std::int64_t fallback)
{
    const std::optional<JsonValue> found = value(key);
    if (!found)
        return fallback;
    std::optional<std::int64_t> number;
    if (found->kind() == JsonValue::Kind::Number) {
        number = found->integer();
        // 3.0 and 1e3 are whole numbers, too: JSON Schema reads them so.
        const double real = found->number();
        if (!number && real > -9e15 && real < 9e15
            && static_cast<double>(static_cast<std::int64_t>(real)) == real)
            number = static_cast<std::int64_t>(real);
    }
    if (number && *number >= range.min && *number <= range.max)
        return *number;
    fail(number ? Error::Code::OutOfRange : Error::Code::Malformed, key,
         fmt::format("{} must be a whole number between {} and {}, got {}", key, range.min,
                     range.max, excerpt(*found)));
    return fallback;
}

double JsonReader::number(const std::string& key, NumberRange range, double fallback)
{
    const std::optional<JsonValue> found = value(key);
    if (!found)
        return fallback;
    const bool isNumber = found->kind() == JsonValue::Kind::Number;
    if (isNumber && found->number() >= range.min && found->number() <= range.max)
        return found->number();
    fail(isNumber ? Error::Code::OutOfRange : Error::Code::Malformed, key,
         fmt::format("{} must be a number between {} and {}, got {}", key, range.min, range.max,
                     excerpt(*found)));
    return fallback;
}

std::vector<std::string> JsonReader::strings(const std::string& key, TextRule rule)
{
    std::vector<std::string> texts;
    const std::optional<JsonValue> found = value(key);
    if (!found)
        return texts;
    if (!found->isArray() || found->elements().empty()) {
        fail(Error::Code::Malformed, key,
             fmt::format("{} must be a list of texts such as [\"jq\", \".\"], got {}", key,
                         found->isArray() ? "an empty list" : excerpt(*found)));
        return texts;
    }
    for (const JsonValue& element : found->elements()) {
        std::string text = element.isString() ? element.string() : std::string();
        const bool good = element.isString() && text.size() >= rule.min && text.size() <= rule.max
            && text.find('\0') == std::string::npos;
        if (!good)
            failAt(Error::Code::Malformed, childPointer(pointer(key), texts.size()), false,
                   fmt::format("{} must hold texts of {} to {} bytes, got {}", key, rule.min,
                               rule.max, excerpt(element)),
                   {});
        texts.push_back(std::move(text));
    }
    return texts;
}

int JsonReader::choose(const std::string& key, const std::vector<std::string>& words,
                       const std::vector<std::string>& later)
{
    const std::optional<JsonValue> found = value(key);
    if (!found)
        return -1;
    const std::string word = found->isString() ? found->string() : std::string();
    if (const auto match = std::ranges::find(words, word); match != words.end())
        return static_cast<int>(match - words.begin());
    if (std::ranges::find(later, word) != later.end()) {
        fail(Error::Code::Malformed, key,
             fmt::format("the {} \"{}\" is not supported by this version, which supports {}", key,
                         word, listOfNames(words)));
        return -1;
    }
    const std::optional<std::string> meant = suggestFor(word, words);
    fail(Error::Code::Malformed, key,
         fmt::format("{} must be {}{}, got {}", key, words.size() > 1 ? "one of " : "",
                     listOfNames(words), excerpt(*found)),
         meant ? fmt::format("did you mean \"{}\"?", *meant) : std::string());
    return -1;
}

std::vector<JsonMember> JsonReader::members(const std::string& key, const std::string& what)
{
    const std::optional<JsonValue> found = value(key);
    if (!found)
        return {};
    if (found->isObject())
        return found->members();
    fail(Error::Code::Malformed, key,
         fmt::format("{} must be an object in {{ }} that holds {}, got {}", key, what,
                     excerpt(*found)));
    return {};
}

void JsonReader::rejectOtherKeys()
{
    if (!m_object)
        return;
    for (const JsonMember& member : m_object->members()) {
        if (std::ranges::find(m_known, member.key) != m_known.end())
            continue;
        const std::optional<std::string> meant = suggestFor(member.key, m_known);
        failAt(Error::Code::UnknownKey, pointer(member.key), true,
               fmt::format("{} has no key \"{}\"", m_what, member.key),
               meant ? fmt::format("did you mean \"{}\"?", *meant)
                     : fmt::format("its keys are {}", listOfNames(m_known, 20)));
    }
}

} // namespace coldframe

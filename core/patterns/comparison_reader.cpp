#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "patterns/operand_reader.h"

// "numeric" and "anything-but", the two operators with a grammar of their own.
namespace coldframe::patterns {

namespace {

using Kind = JsonValue::Kind;

constexpr const char* kNumericForm = "write [\">\", 0], or [\">\", 0, \"<=\", 5] with the lower "
                                     "end first; operators are =, <, <=, "
                                     "> and >=";

/// Of what is no operator, as much as the platform shows.
std::string tokenOf(const JsonValue& value)
{
    return value.isArray() ? "[" : value.isObject() ? "{" : std::string(value.raw());
}

class NumericReader {
public:
    NumericReader(const JsonValue& operand, const std::string& pointer, Findings& findings)
        : m_elements(operand.elements()), m_pointer(pointer), m_findings(findings)
    { }

    std::optional<Condition> read()
    {
        if (m_elements.empty() || !m_elements[0].isString())
            return fail(m_elements.empty() ? m_pointer : at(0),
                        "Invalid member in numeric match: "
                            + (m_elements.empty() ? "]" : tokenOf(m_elements[0])));
        const std::string first = m_elements[0].string();
        if (first != "=" && !isLower(first) && !isUpper(first))
            return fail(at(0), "Unrecognized numeric range operator: " + first);
        const auto number = threshold(1, first == "=" ? "equals" : first);
        if (!number)
            return std::nullopt;
        NumberBetween range;
        const NumberBetween::End end{*number, first == "=" || first.size() == 2};
        if (!isUpper(first))
            range.from = end;
        if (!isLower(first))
            range.to = end;
        range.text = first + ' ' + std::string(m_elements[1].raw());
        return m_elements.size() == 2 ? range : readUpper(first, std::move(range));
    }

private:
    std::optional<Condition> readUpper(const std::string& first, NumberBetween range)
    {
        if (!isLower(first))
            return fail(at(2), "Too many elements in numeric expression");
        if (!m_elements[2].isString())
            return fail(at(2), "Bad value in numeric range: " + tokenOf(m_elements[2]));
        const std::string second = m_elements[2].string();
        if (!isUpper(second))
            return fail(at(2), "Bad numeric range operator: " + second);
        const auto number = threshold(3, second);
        if (!number)
            return std::nullopt;
        if (m_elements.size() > 4)
            return fail(at(4), "Too many terms in numeric range expression");
        if (!(range.from->number < *number))
            return fail(at(3), "Bottom must be less than top");
        range.to = {*number, second.size() == 2};
        range.text += fmt::format(" and {} {}", second, m_elements[3].raw());
        return range;
    }

    std::optional<Number> threshold(std::size_t index, const std::string& of)
    {
        if (index < m_elements.size())
            return readThreshold(m_elements[index], at(index), of, m_findings);
        fail(m_pointer, fmt::format("Value of {} must be numeric", of));
        return std::nullopt;
    }

    std::optional<Condition> fail(const std::string& pointer, const std::string& reason)
    {
        m_findings.add(pointer, reason, kNumericForm);
        return std::nullopt;
    }

    static bool isLower(const std::string& word) { return word == ">" || word == ">="; }
    static bool isUpper(const std::string& word) { return word == "<" || word == "<="; }
    std::string at(std::size_t index) const { return childPointer(m_pointer, index); }

    std::vector<JsonValue> m_elements;
    const std::string& m_pointer;
    Findings& m_findings;
};

constexpr const char* kAnythingButForm
    = "write texts, numbers, a list of either, or one of {\"prefix\": …}, {\"suffix\": …}, "
      "{\"equals-ignore-case\": …}, {\"wildcard\": …} with a text or a list of texts";
constexpr const char* kNeitherListNorValue
    = "Value of anything-but must be an array or single string/number value.";

class AnythingButReader {
public:
    AnythingButReader(const JsonValue& operand, const std::string& pointer, Findings& findings)
        : m_operand(operand), m_pointer(pointer), m_findings(findings)
    { }

    std::optional<Condition> read()
    {
        const bool read = m_operand.isArray() ? readList()
            : m_operand.isObject()            ? readInner()
                                   : readValue(m_operand, m_pointer, kNeitherListNorValue);
        return read ? std::optional<Condition>(std::move(m_made)) : std::nullopt;
    }

private:
    bool readValue(const JsonValue& value, const std::string& pointer, const char* otherwise)
    {
        if (value.isString()) {
            m_made.texts.push_back(textRule(TextRule::Kind::Equals, value.string()));
            return true;
        }
        if (value.kind() != Kind::Number)
            return fail(pointer, otherwise);
        const auto number = readThreshold(value, pointer, "anything-but", m_findings);
        if (!number)
            return false;
        m_made.numbers.push_back(*number);
        m_made.text += (m_made.text.empty() ? "" : ", ") + std::string(value.raw());
        return true;
    }

    bool readList()
    {
        const std::vector<JsonValue> elements = m_operand.elements();
        for (std::size_t i = 0; i < elements.size(); ++i)
            if (!readValue(elements[i], childPointer(m_pointer, i),
                           "Inside anything but list, start|null|boolean is not supported."))
                return false;
        if (m_made.texts.empty() == m_made.numbers.empty())
            return fail(m_pointer,
                        "Inside anything but list, either all values are number or string, mixed "
                        "type is not supported");
        return true;
    }

    bool readInner()
    {
        const std::vector<JsonMember> members = m_operand.members();
        if (members.empty())
            return fail(m_pointer, "Anything-But expression name not found");
        const std::string& name = members.front().key;
        const std::string at = childPointer(m_pointer, name);
        if (std::ranges::find(kInner, name) == kInner.end())
            return fail(at, "Unsupported anything-but pattern: " + name);
        if (name == "wildcard" && m_findings.dialect != Dialect::EventBus)
            return fail(at, "wildcard is not supported by event source mappings");
        if (members.size() > 1)
            return fail(childPointer(m_pointer, members[1].key),
                        "Only one key allowed in match expression");
        const JsonValue& inner = members.front().value;
        if (!inner.isArray())
            return readInnerText(name, inner, at);
        const std::vector<JsonValue> elements = inner.elements();
        if (elements.empty())
            return fail(at, "Empty arrays are not allowed");
        for (std::size_t i = 0; i < elements.size(); ++i)
            if (!readInnerText(name, elements[i], childPointer(at, i)))
                return false;
        return true;
    }

    bool readInnerText(const std::string& name, const JsonValue& value, const std::string& pointer)
    {
        if (value.kind() == Kind::Null || value.kind() == Kind::Boolean || value.isObject())
            return fail(pointer, kNeitherListNorValue);
        if (name == "wildcard") {
            auto rule = readWildcardText(value, pointer, m_findings);
            if (rule)
                m_made.texts.push_back(std::move(*rule));
            return rule.has_value();
        }
        const bool ignoringCase = name == "equals-ignore-case";
        if (!value.isString())
            return fail(pointer,
                        ignoringCase ? "Inside anything-but/equals-ignore-case list, "
                                       "number|start|null|boolean is not supported."
                                     : "prefix/suffix match pattern must be a string");
        std::string text = value.string();
        if (text.empty() && !ignoringCase)
            return fail(pointer, "Null prefix/suffix not allowed");
        const TextRule::Kind kind = ignoringCase ? TextRule::Kind::Equals
            : name == "prefix"                   ? TextRule::Kind::Begins
                                                 : TextRule::Kind::Ends;
        m_made.texts.push_back(textRule(kind, std::move(text), ignoringCase));
        return true;
    }

    bool fail(const std::string& pointer, const std::string& reason)
    {
        m_findings.add(pointer, reason, kAnythingButForm);
        return false;
    }

    static constexpr std::array<std::string_view, 4> kInner{"prefix", "suffix",
                                                            "equals-ignore-case", "wildcard"};
    const JsonValue& m_operand;
    const std::string& m_pointer;
    Findings& m_findings;
    AnythingBut m_made;
};

} // namespace

std::optional<Condition> readNumeric(const JsonValue& operand, const std::string& pointer,
                                     Findings& findings)
{
    if (operand.isArray())
        return NumericReader(operand, pointer, findings).read();
    findings.add(pointer, "Value of numeric must be an array.", kNumericForm);
    return std::nullopt;
}

std::optional<Condition> readAnythingBut(const JsonValue& operand, const std::string& pointer,
                                         Findings& findings)
{
    return AnythingButReader(operand, pointer, findings).read();
}

} // namespace coldframe::patterns

#include "patterns/operand_reader.h"

#include <fmt/format.h>

#include "model/suggestion.h"

namespace coldframe::patterns {

namespace {

using Kind = JsonValue::Kind;

/// {"prefix": "a"} and {"prefix": {"equals-ignore-case": "a"}}.
std::optional<Condition> readAffix(TextRule::Kind kind, const std::string& name,
                                   const JsonValue& operand, const std::string& pointer,
                                   Findings& findings)
{
    if (operand.isString())
        return textRule(kind, operand.string());
    const auto inner = operand.isObject() ? operand.members() : std::vector<JsonMember>();
    const std::string form = fmt::format(
        "write {{\"{0}\": \"a\"}} or {{\"{0}\": {{\"equals-ignore-case\": \"a\"}}}}", name);
    if (inner.empty()) {
        findings.add(pointer, name + " match pattern must be a string",
                     operand.isArray() ? fmt::format("write one {{\"{}\": …}} for each text", name)
                                       : form);
        return std::nullopt;
    }
    const std::string at = childPointer(pointer, inner.front().key);
    if (inner.front().key != "equals-ignore-case") {
        findings.add(at, fmt::format("Unsupported {} pattern: {}", name, inner.front().key), form,
                     Error::Code::UnknownKey, true);
        return std::nullopt;
    }
    if (!inner.front().value.isString()) {
        findings.add(at, "equals-ignore-case match pattern must be a string", form);
        return std::nullopt;
    }
    if (inner.size() > 1) {
        findings.add(childPointer(pointer, inner[1].key),
                     "Only one key allowed in match expression", form, Error::Code::Malformed,
                     true);
        return std::nullopt;
    }
    return textRule(kind, inner.front().value.string(), true);
}

} // namespace

std::optional<Condition> readPrefix(const JsonValue& operand, const std::string& pointer,
                                    Findings& findings)
{
    return readAffix(TextRule::Kind::Begins, "prefix", operand, pointer, findings);
}

std::optional<Condition> readSuffix(const JsonValue& operand, const std::string& pointer,
                                    Findings& findings)
{
    return readAffix(TextRule::Kind::Ends, "suffix", operand, pointer, findings);
}

std::optional<Condition> readExactly(const JsonValue& operand, const std::string& pointer,
                                     Findings& findings)
{
    if (operand.isString())
        return textRule(TextRule::Kind::Equals, operand.string());
    findings.add(pointer, "exact match pattern must be a string",
                 "write the value without \"exactly\"");
    return std::nullopt;
}

std::optional<Condition> readEqualsIgnoreCase(const JsonValue& operand, const std::string& pointer,
                                              Findings& findings)
{
    if (operand.isString())
        return textRule(TextRule::Kind::Equals, operand.string(), true);
    findings.add(pointer, "equals-ignore-case match pattern must be a string",
                 operand.isObject() ? "put it inside: {\"prefix\": {\"equals-ignore-case\": \"a\"}}"
                                    : "write one {\"equals-ignore-case\": \"a\"} for each text");
    return std::nullopt;
}

std::optional<Condition> readExists(const JsonValue& operand, const std::string& pointer,
                                    Findings& findings)
{
    if (operand.kind() == Kind::Boolean)
        return Exists{operand.boolean()};
    findings.add(pointer, "exists match pattern must be either true or false.",
                 operand.isString() ? "leave out the quotes" : "write true or false");
    return std::nullopt;
}

std::optional<Condition> readAddressBlock(const JsonValue& operand, const std::string& pointer,
                                          Findings& findings)
{
    constexpr const char* kForm = "write a block such as \"10.0.0.0/24\" or \"2001:db8::/32\"; one "
                                  "address is a text like any other";
    if (!operand.isString()) { // the platform's words for it speak of another operator
        findings.add(pointer, "prefix match pattern must be a string", kForm);
        return std::nullopt;
    }
    auto block = AddressBlock::read(operand.string());
    if (block)
        return std::move(*block);
    findings.add(pointer, block.error(), kForm);
    return std::nullopt;
}

std::optional<TextRule> readWildcardText(const JsonValue& operand, const std::string& pointer,
                                         Findings& findings)
{
    if (!operand.isString()) {
        findings.add(pointer, "wildcard match pattern must be a string",
                     operand.isArray() ? "write one {\"wildcard\": …} for each text"
                                       : "write a text such as \"*.png\"");
        return std::nullopt;
    }
    std::string text = operand.string();
    for (std::size_t i = 0; i < text.size(); ++i) {
        // The platform counts bytes, and the quote in front as number 0.
        if (text[i] == '\\') {
            if (i + 1 == text.size() || (text[i + 1] != '*' && text[i + 1] != '\\')) {
                findings.add(pointer, fmt::format("Invalid escape character at pos {}", i + 1),
                             "a backslash stands before * or another backslash; JSON wants each "
                             "of them doubled: \"\\\\*\"");
                return std::nullopt;
            }
            ++i;
        } else if (text[i] == '*' && i + 1 < text.size() && text[i + 1] == '*') {
            findings.add(pointer, fmt::format("Consecutive wildcard characters at pos {}", i + 1),
                         "one * already stands for any number of characters");
            return std::nullopt;
        }
    }
    return wildcardRule(std::move(text));
}

std::optional<Condition> readWildcard(const JsonValue& operand, const std::string& pointer,
                                      Findings& findings)
{
    auto rule = readWildcardText(operand, pointer, findings);
    return rule ? std::optional<Condition>(std::move(*rule)) : std::nullopt;
}

std::optional<Number> readThreshold(const JsonValue& operand, const std::string& pointer,
                                    const std::string& of, Findings& findings)
{
    if (operand.kind() != Kind::Number) {
        findings.add(pointer, fmt::format("Value of {} must be numeric", of),
                     operand.isString() ? "leave out the quotes" : "write a number");
        return std::nullopt;
    }
    const auto number = Number::read(operand.raw());
    if (number && number->fitsDouble())
        return number;
    findings.add(pointer, fmt::format("Cannot compare number : {}", operand.raw()),
                 "numbers are compared with 15 digits of precision: write fewer digits",
                 Error::Code::OutOfRange);
    return std::nullopt;
}

} // namespace coldframe::patterns

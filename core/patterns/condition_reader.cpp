#include "patterns/condition_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/suggestion.h"
#include "patterns/operand_reader.h"

namespace coldframe::patterns {

namespace {

using Kind = JsonValue::Kind;

struct Operator {
    const char* name;
    std::optional<Condition> (*read)(const JsonValue& operand, const std::string& pointer,
                                     Findings& findings);
    bool onBusOnly;
};

constexpr std::array kOperators{
    Operator{"anything-but", readAnythingBut, false},
    Operator{"cidr", readAddressBlock, true},
    Operator{"equals-ignore-case", readEqualsIgnoreCase, false},
    Operator{"exactly", readExactly, false},
    Operator{"exists", readExists, false},
    Operator{"numeric", readNumeric, false},
    Operator{"prefix", readPrefix, false},
    Operator{"suffix", readSuffix, false},
    Operator{"wildcard", readWildcard, true},
};

/// Field names that the platform keeps for operators it has or may get.
constexpr std::array kReserved{"=", "<", "<=", ">", ">=", "regex"};

std::vector<std::string> operatorNames(Dialect dialect)
{
    std::vector<std::string> names;
    for (const Operator& known : kOperators)
        if (dialect == Dialect::EventBus || !known.onBusOnly)
            names.emplace_back(known.name);
    return names;
}

std::string hintForUnknown(const std::string& name, Dialect dialect)
{
    const std::vector<std::string> names = operatorNames(dialect);
    if (const auto meant = suggestFor(name, names))
        return fmt::format("did you mean \"{}\"?", *meant);
    return "operators are " + listOfNames(names, names.size())
        + "; fields of an object stand in braces without brackets around them";
}

std::optional<Condition> readExpression(const JsonValue& object, const std::string& pointer,
                                        Findings& findings)
{
    const std::vector<JsonMember> members = object.members();
    if (members.empty()) {
        findings.add(pointer, "Match expression name not found",
                     "write an operator, such as {\"prefix\": \"a\"}");
        return std::nullopt;
    }
    const std::string& name = members.front().key;
    const std::string at = childPointer(pointer, name);
    const auto known = std::ranges::find_if(
        kOperators, [&](const Operator& candidate) { return name == candidate.name; });
    if (known == kOperators.end()) {
        findings.add(at, "Unrecognized match type " + name, hintForUnknown(name, findings.dialect),
                     Error::Code::UnknownKey, true);
        return std::nullopt;
    }
    if (known->onBusOnly && findings.dialect != Dialect::EventBus) {
        findings.add(at, fmt::format("{} is not supported by event source mappings", name),
                     "use an operator that these have, or filter in the function",
                     Error::Code::UnknownKey, true);
        return std::nullopt;
    }
    auto condition = known->read(members.front().value, at, findings);
    if (condition && members.size() > 1) {
        const bool counted = name == "numeric" || name == "anything-but";
        findings.add(childPointer(pointer, members[1].key),
                     counted ? "Too many elements in numeric expression"
                             : "Only one key allowed in match expression",
                     fmt::format("write {{\"{}\": …}} as an element of its own: one of them has to "
                                 "match",
                                 members[1].key),
                     Error::Code::Malformed, true);
        return std::nullopt;
    }
    return condition;
}

std::optional<Condition> readElement(const JsonValue& element, const std::string& pointer,
                                     Findings& findings)
{
    switch (element.kind()) {
    case Kind::Null:
        return IsNull{};
    case Kind::Boolean:
        return element.boolean();
    case Kind::String:
        return textRule(TextRule::Kind::Equals, element.string());
    case Kind::Object:
        return readExpression(element, pointer, findings);
    case Kind::Number:
        break;
    case Kind::Array:
        findings.add(pointer, "Match value must be String, number, true, false, or null",
                     "leave out the inner brackets: a list that the event has is searched");
        return std::nullopt;
    }
    if (const auto number = Number::read(element.raw()))
        return EqualsNumber{*number, std::string(element.raw())};
    findings.add(pointer, fmt::format("Cannot compare number : {}", element.raw()),
                 "write a number below 1.8e308", Error::Code::OutOfRange);
    return std::nullopt;
}

} // namespace

Conditions readConditions(const JsonValue& list, const std::string& pointer, Findings& findings)
{
    auto conditions = std::make_shared<std::vector<Condition>>();
    const std::vector<JsonValue> elements = list.elements();
    if (elements.empty())
        findings.add(pointer, "Empty arrays are not allowed",
                     "write what the field may be, or {\"exists\": false} if it must not be there");
    for (std::size_t i = 0; i < elements.size(); ++i)
        if (auto condition = readElement(elements[i], childPointer(pointer, i), findings))
            conditions->push_back(std::move(*condition));
    return conditions;
}

bool isReservedName(const std::string& name)
{
    return std::ranges::any_of(kOperators,
                               [&](const Operator& known) { return name == known.name; })
        || std::ranges::find(kReserved, name) != kReserved.end();
}

} // namespace coldframe::patterns

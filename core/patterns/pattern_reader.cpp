#include "patterns/pattern_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "patterns/condition_reader.h"

namespace coldframe::patterns {

namespace {

constexpr const char* kOr = "$or";

/// "$or" is an operator with two or more objects that have no operator's name as a field; else it
/// is a field like any other.
/// Source: github.com/aws/event-ruler, README, "The "$or" Primitive", read 2026-11.
bool isOr(const JsonMember& member)
{
    if (member.key != kOr || !member.value.isArray())
        return false;
    const std::vector<JsonValue> branches = member.value.elements();
    return branches.size() >= 2 && std::ranges::all_of(branches, [](const JsonValue& branch) {
               return branch.isObject()
                   && std::ranges::none_of(branch.members(), [](const JsonMember& field) {
                          return isReservedName(field.key);
                      });
           });
}

WrittenFields readFields(const JsonValue& object, const std::string& pointer, Findings& findings);

std::vector<WrittenFields> readBranches(const JsonValue& list, const std::string& pointer,
                                        Findings& findings)
{
    std::vector<WrittenFields> branches;
    for (const JsonValue& branch : list.elements()) {
        const std::string at = childPointer(pointer, branches.size());
        branches.push_back(readFields(branch, at, findings));
    }
    return branches;
}

/// How to write a value that stands without brackets.
std::string bracketed(const JsonMember& member)
{
    return fmt::format("put it in brackets: \"{}\": [{}]", member.key, excerpt(member.value));
}

WrittenFields readFields(const JsonValue& object, const std::string& pointer, Findings& findings)
{
    WrittenFields fields;
    const std::vector<JsonMember> members = object.members();
    if (members.empty())
        findings.add(pointer, "Empty objects are not allowed",
                     "name the fields that an event must have");
    for (const JsonMember& member : members) {
        const std::string at = childPointer(pointer, member.key);
        if (isOr(member)) {
            fields.push_back({{}, readBranches(member.value, at, findings)});
        } else if (member.value.isObject()) {
            fields.push_back({member.key, readFields(member.value, at, findings)});
        } else if (member.value.isArray()) {
            const std::size_t before = findings.errors.size();
            fields.push_back({member.key, readConditions(member.value, at, findings)});
            if (member.key == kOr && findings.errors.size() > before)
                findings.errors.back().hint
                    = "\"$or\" takes two or more objects, without fields named as operators are";
        } else {
            findings.add(at, fmt::format("\"{}\" must be an object or an array", member.key),
                         bracketed(member));
        }
    }
    return fields;
}

} // namespace

std::optional<std::vector<Alternative>>
readAlternatives(const JsonValue& pattern, const std::string& pointer, Findings& findings)
{
    const std::size_t before = findings.errors.size();
    if (!pattern.isObject()) {
        findings.add(pointer, "Filter is not an object",
                     "write an object with the fields of the event: {\"source\": [\"aws.s3\"]}");
        return std::nullopt;
    }
    const WrittenFields fields = readFields(pattern, pointer, findings);
    if (findings.errors.size() > before)
        return std::nullopt;
    const std::size_t product = combinations(fields, kMaxCombinations);
    if (product > kMaxCombinations) {
        findings.add(
            pointer,
            fmt::format("Event pattern contains more than {} rule combinations", kMaxCombinations),
            "use fewer or shorter \"$or\" lists: their lengths multiply; or several patterns",
            Error::Code::LimitReached);
        return std::nullopt;
    }
    const std::size_t count = countFields(fields);
    if (count > kMaxFields || count * product > kMaxFieldsOfAll) {
        findings.add(pointer,
                     fmt::format("{} fields in {} combinations are too many", count, product),
                     fmt::format("use several patterns: at most {} fields in one, and {} in all "
                                 "combinations together",
                                 kMaxFields, kMaxFieldsOfAll),
                     Error::Code::LimitReached);
        return std::nullopt;
    }
    return alternatives(fields);
}

} // namespace coldframe::patterns

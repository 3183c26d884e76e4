#include "check/expectation_operators.h"

#include <fmt/format.h>

#include "model/suggestion.h"

namespace coldframe::check {

namespace {

/// What is written for the operators, and what each stands for: their own names, and those that
/// other languages of queries have for the same.
const std::map<std::string, std::string> kNames{
    {kContains, kContains}, {"$includes", kContains}, {kJson, kJson},       {kMatches, kMatches},
    {"$regex", kMatches},   {"$regexp", kMatches},    {"$match", kMatches}, {"$pattern", kMatches}};

std::optional<std::string> operatorMeantBy(const std::string& key)
{
    std::vector<std::string> names;
    for (const auto& [name, operation] : kNames)
        names.push_back(name);
    const auto nearest = suggestFor(key, names);
    return nearest ? std::optional(kNames.at(*nearest)) : std::nullopt;
}

/// Walks over a value and everything in it.
class Walk {
public:
    Walk(const JsonText& text, std::map<std::string, Pattern>& patterns, Errors& errors)
        : m_text(text), m_patterns(patterns), m_errors(errors)
    { }

    void visit(const JsonValue& value, const std::string& pointer)
    {
        if (const auto operation = operationOf(value)) {
            visitOperation(*operation, pointer);
        } else if (value.isObject()) {
            const std::vector<JsonMember> members = value.members();
            if (members.size() == 1)
                suspect(members.front().key, pointer);
            for (const JsonMember& member : members)
                visit(member.value, childPointer(pointer, member.key));
        } else if (value.isArray()) {
            std::size_t index = 0;
            for (const JsonValue& element : value.elements())
                visit(element, childPointer(pointer, index++));
        }
    }

private:
    void visitOperation(const Operation& operation, const std::string& pointer)
    {
        switch (operation.kind) {
        case Operator::Contains: {
            const std::string inside = childPointer(pointer, kContains);
            if (!operation.operand.isArray())
                fail(inside, false, Error::Code::Malformed,
                     fmt::format("$contains must be a list of elements, got {}",
                                 excerpt(operation.operand)),
                     "write [ ] around it");
            else
                visit(operation.operand, inside);
            break;
        }
        case Operator::Json:
            visit(operation.operand, childPointer(pointer, kJson));
            break;
        case Operator::Matches: {
            const std::string inside = childPointer(pointer, kMatches);
            if (auto pattern = readPattern(m_text, operation.operand, inside, kMatches, m_errors))
                m_patterns.emplace(inside, std::move(*pattern));
            break;
        }
        }
    }

    /// A key of the user's own may begin with $; one that nearly is an operator is a slip.
    void suspect(const std::string& key, const std::string& pointer)
    {
        if (!key.starts_with('$'))
            return;
        if (const auto meant = operatorMeantBy(key))
            fail(childPointer(pointer, key), true, Error::Code::UnknownKey,
                 fmt::format("there is no operator \"{}\"", key),
                 fmt::format("did you mean \"{}\"?", *meant));
    }

    void fail(const std::string& pointer, bool atKey, Error::Code code, std::string message,
              std::string hint)
    {
        m_errors.push_back(
            errorAt(m_text, pointer, atKey, code, std::move(message), std::move(hint)));
    }

    const JsonText& m_text;
    std::map<std::string, Pattern>& m_patterns;
    Errors& m_errors;
};

} // namespace

std::optional<Operation> operationOf(const JsonValue& value)
{
    if (!value.isObject())
        return std::nullopt;
    const std::vector<JsonMember> members = value.members();
    if (members.size() != 1)
        return std::nullopt;
    const JsonMember& only = members.front();
    if (only.key == kContains)
        return Operation{Operator::Contains, only.value};
    if (only.key == kJson)
        return Operation{Operator::Json, only.value};
    if (only.key == kMatches)
        return Operation{Operator::Matches, only.value};
    return std::nullopt;
}

void readOperators(const JsonText& text, const JsonValue& value, const std::string& pointer,
                   std::map<std::string, Pattern>& patterns, Errors& errors)
{
    Walk(text, patterns, errors).visit(value, pointer);
}

std::optional<Pattern> readPattern(const JsonText& text, const JsonValue& value,
                                   const std::string& pointer, const std::string& what,
                                   Errors& errors)
{
    if (!value.isString()) {
        errors.push_back(errorAt(text, pointer, false, Error::Code::Malformed,
                                 fmt::format("{} must be a regular expression in double quotes, "
                                             "got {}",
                                             what, excerpt(value))));
        return std::nullopt;
    }
    auto pattern = Pattern::compile(value.string());
    if (pattern)
        return std::move(*pattern);
    errors.push_back(
        errorAt(text, pointer, false, Error::Code::Malformed,
                fmt::format("the regular expression {} {}", excerpt(value), pattern.error()),
                "in JSON, each \\ of an expression is written twice"));
    return std::nullopt;
}

} // namespace coldframe::check

#include "check/compare.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "check/expectation_operators.h"
#include "check/json_equal.h"

namespace coldframe::check {

namespace {

class Comparison {
public:
    Comparison(const Expectation& expectation, std::vector<Mismatch>& mismatches, std::size_t limit)
        : m_expectation(expectation), m_mismatches(mismatches), m_limit(limit)
    { }

    void values(const Expected& expected, const JsonValue& got, const Subject& subject)
    {
        if (full())
            return;
        if (const auto operation = operationOf(expected.value))
            operate(*operation, expected, got, subject);
        else if (expected.value.isObject() && got.isObject())
            objects(expected, got, subject);
        else if (expected.value.isArray() && got.isArray())
            lists(expected, got, subject);
        else if (!sameValue(expected.value, got))
            differs(expected, got, subject);
    }

private:
    bool full() const { return m_mismatches.size() >= m_limit; }

    void tell(const Expected& expected, std::string got, std::string sentence)
    {
        if (!full())
            m_mismatches.push_back({.pointer = expected.pointer,
                                    .expected = expected.value.compact(),
                                    .got = std::move(got),
                                    .sentence = std::move(sentence)});
    }

    void differs(const Expected& expected, const JsonValue& got, const Subject& subject)
    {
        const std::string is = got.compact();
        const auto [shownIs, shownWanted] = shortenedPair(is, expected.value.compact());
        tell(expected, is,
             fmt::format("{} is {} instead of {}", subject.text(), shownIs, shownWanted));
    }

    void objects(const Expected& expected, const JsonValue& got, const Subject& subject)
    {
        const std::vector<JsonMember> there = got.members();
        std::map<std::string_view, const JsonValue*> byKey;
        for (const JsonMember& member : there)
            byKey.emplace(member.key, &member.value);
        for (const JsonMember& member : expected.value.members()) {
            const Expected inner{member.value, childPointer(expected.pointer, member.key)};
            const Subject place{subject.whole, childPointer(subject.pointer, member.key)};
            if (const auto found = byKey.find(member.key); found != byKey.end())
                values(inner, *found->second, place);
            else
                tell(inner, {},
                     fmt::format("{} is missing; it was to be {}", place.text(),
                                 shortened(member.value.compact())));
        }
    }

    void lists(const Expected& expected, const JsonValue& got, const Subject& subject)
    {
        const auto wanted = expected.value.elements(), there = got.elements();
        if (wanted.size() != there.size()) {
            tell(expected, got.compact(),
                 fmt::format("{} has {} element{} instead of {}", subject.text(), there.size(),
                             there.size() == 1 ? "" : "s", wanted.size()));
            return;
        }
        for (std::size_t i = 0; i < wanted.size(); ++i)
            values({wanted[i], childPointer(expected.pointer, i)}, there[i],
                   {subject.whole, childPointer(subject.pointer, i)});
    }

    void operate(const Operation& operation, const Expected& expected, const JsonValue& got,
                 const Subject& subject)
    {
        switch (operation.kind) {
        case Operator::Contains:
            contains({operation.operand, childPointer(expected.pointer, kContains)}, got, subject);
            break;
        case Operator::Json:
            json({operation.operand, childPointer(expected.pointer, kJson)}, got, subject);
            break;
        case Operator::Matches:
            matches({operation.operand, childPointer(expected.pointer, kMatches)}, got, subject);
            break;
        }
    }

    void contains(const Expected& expected, const JsonValue& got, const Subject& subject)
    {
        if (!got.isArray()) {
            tell(expected, got.compact(),
                 fmt::format("{} is {} instead of a list", subject.text(),
                             shortened(got.compact())));
            return;
        }
        const std::vector<JsonValue> there = got.elements();
        std::size_t index = 0;
        for (const JsonValue& wanted : expected.value.elements()) {
            const Expected one{wanted, childPointer(expected.pointer, index++)};
            if (!std::ranges::any_of(there, [&](const JsonValue& element) {
                    std::vector<Mismatch> first;
                    compare(m_expectation, one, element, subject, first, 1);
                    return first.empty();
                }))
                tell(one, got.compact(),
                     fmt::format("{} has no element that matches {}", subject.text(),
                                 shortened(wanted.compact())));
        }
    }

    void json(const Expected& expected, const JsonValue& got, const Subject& subject)
    {
        if (!got.isString()) {
            tell(expected, got.compact(),
                 fmt::format("{} is {} instead of a text with JSON in it", subject.text(),
                             shortened(got.compact())));
            return;
        }
        const std::string inside = got.string();
        const Result<JsonText> parsed = parseJson(inside, {});
        if (!parsed)
            tell(expected, inside,
                 fmt::format("{} is {}, which is no JSON: {}", subject.text(),
                             shortened(got.compact()), parsed.error().message));
        else
            values(expected, parsed->root(), {"the JSON in " + subject.text(), {}});
    }

    void matches(const Expected& expected, const JsonValue& got, const Subject& subject)
    {
        const auto pattern = m_expectation.patterns.find(expected.pointer);
        const std::string text = got.isString() ? got.string() : got.compact();
        if (pattern == m_expectation.patterns.end() || pattern->second.foundIn(text))
            return;
        tell(expected, got.compact(),
             fmt::format("{} is {}, which does not match {}", subject.text(),
                         shortened(got.compact()), expected.value.compact()));
    }

    const Expectation& m_expectation;
    std::vector<Mismatch>& m_mismatches;
    std::size_t m_limit;
};

} // namespace

void compare(const Expectation& expectation, const Expected& expected, const JsonValue& got,
             const Subject& subject, std::vector<Mismatch>& mismatches, std::size_t limit)
{
    Comparison(expectation, mismatches, limit).values(expected, got, subject);
}

} // namespace coldframe::check

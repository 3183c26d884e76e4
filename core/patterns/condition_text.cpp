#include "patterns/condition_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/suggestion.h"
#include "model/utf8.h"
#include "patterns/fold_case.h"

namespace coldframe::patterns {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxShown = 80; ///< bytes
constexpr std::size_t kMaxListed = 8;

std::string quoted(const std::string& text)
{
    return shown(json(text));
}

std::string listed(const std::vector<std::string>& words, const char* last)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(words.size(), kMaxListed); ++i) {
        const bool end = i + 1 == words.size();
        text += (i == 0 ? "" : end ? fmt::format(" {} ", last) : ", ") + words[i];
    }
    if (words.size() > kMaxListed)
        text += fmt::format(" {} {} more", last, words.size() - kMaxListed);
    return text;
}

/// What a text must do, behind "does not", and what it does, behind the text itself.
struct Verb {
    std::string wanted, done;
};

Verb verbOf(const TextRule& rule)
{
    const std::string text = quoted(rule.text) + (rule.ignoreCase ? " in any case" : "");
    switch (rule.kind) {
    case TextRule::Kind::Begins:
        return {"begin with " + text, "begins with " + text};
    case TextRule::Kind::Ends:
        return {"end with " + text, "ends with " + text};
    case TextRule::Kind::Wildcard:
        return {"fit " + text, "fits " + text};
    case TextRule::Kind::Equals:
        break;
    }
    return {"equal " + text, "is " + text};
}

/// What a value has to be: "5", "a text that begins with "a"", "anything but "x"".
struct Wanted {
    std::string operator()(IsNull) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(const EqualsNumber& wanted) const { return wanted.text; }
    std::string operator()(const TextRule& rule) const
    {
        if (rule.kind == TextRule::Kind::Equals)
            return quoted(rule.text) + (rule.ignoreCase ? " in any case" : "");
        return "a text that " + verbOf(rule).done;
    }
    std::string operator()(const NumberBetween& range) const { return "a number " + range.text; }
    std::string operator()(const AddressBlock& block) const
    {
        return "an address in " + block.text;
    }
    std::string operator()(const AnythingBut& excluded) const
    {
        std::vector<std::string> words;
        for (const TextRule& rule : excluded.texts)
            words.push_back((*this)(rule));
        if (!excluded.numbers.empty())
            words.push_back(excluded.text);
        return "anything but " + listed(words, "or");
    }
    std::string operator()(Exists exists) const { return exists.there ? "anything" : "absent"; }
};

/// Why one value does not meet one condition, behind the value itself.
struct Refused {
    const json& value;

    template <typename Other> std::string operator()(const Other& other) const
    {
        return "is not " + Wanted{}(other);
    }
    std::string operator()(const EqualsNumber& wanted) const
    {
        return "is not " + wanted.text + textInsteadOfNumber(wanted.text);
    }
    std::string operator()(const NumberBetween& range) const
    {
        return "is not " + range.text + textInsteadOfNumber({});
    }
    std::string operator()(const TextRule& rule) const
    {
        if (!value.is_string())
            return rule.kind == TextRule::Kind::Equals
                ? "is not " + Wanted{}(rule)
                : fmt::format("is no text, and does not {}", verbOf(rule).wanted);
        const auto& text = value.get_ref<const std::string&>();
        const bool byCase = !rule.ignoreCase && rule.kind != TextRule::Kind::Wildcard
            && holds(textRule(rule.kind, rule.text, true), text);
        const char* const note = byCase ? ": capitals and small letters differ" : "";
        if (rule.kind == TextRule::Kind::Equals)
            return fmt::format("is not {}{}", Wanted{}(rule), note);
        return fmt::format("does not {}{}", verbOf(rule).wanted, note);
    }
    std::string operator()(const AnythingBut& excluded) const
    {
        if (value.is_string())
            for (const TextRule& rule : excluded.texts)
                if (holds(rule, value.get_ref<const std::string&>()))
                    return rule.kind == TextRule::Kind::Equals && !rule.ignoreCase
                        ? "is excluded"
                        : fmt::format("{}, which is excluded", verbOf(rule).done);
        return "is excluded";
    }
    std::string operator()(Exists) const { return "is there, and must not be"; }

private:
    std::string textInsteadOfNumber(std::string_view digits) const
    {
        if (!value.is_string())
            return {};
        return !digits.empty() && value.get_ref<const std::string&>() == digits
            ? ": the event has a text, the pattern a number"
            : ": it is a text, and no number";
    }
};

bool isExact(const Condition& condition)
{
    const auto* rule = std::get_if<TextRule>(&condition);
    return std::holds_alternative<IsNull>(condition) || std::holds_alternative<bool>(condition)
        || std::holds_alternative<EqualsNumber>(condition)
        || (rule && rule->kind == TextRule::Kind::Equals && !rule->ignoreCase);
}

} // namespace

std::string shown(const json& value)
{
    std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() <= kMaxShown)
        return text;
    std::size_t end = 0;
    while (end < kMaxShown)
        end += std::max<std::size_t>(utf8Length(text, end), 1);
    return text.substr(0, end) + "…";
}

std::string whyNot(const std::vector<Condition>& conditions,
                   const std::vector<const json*>& scalars)
{
    if (scalars.size() == 1 && conditions.size() == 1)
        return shown(*scalars[0]) + ' ' + std::visit(Refused{*scalars[0]}, conditions[0]);
    std::vector<std::string> values, wanted;
    for (const json* scalar : scalars)
        values.push_back(shown(*scalar));
    for (const Condition& condition : conditions)
        wanted.push_back(std::visit(Wanted{}, condition));
    const std::string subject = scalars.size() == 1
        ? values[0] + " is"
        : fmt::format("none of its {} values ({}) is", scalars.size(), listed(values, "and"));
    const bool many = scalars.size() > 1;
    if (conditions.size() == 1)
        return fmt::format("{} {}{}", subject, many ? "" : "not ", wanted[0]);
    const bool exact = std::ranges::all_of(conditions, isExact);
    return exact ? fmt::format("{} {}one of {}", subject, many ? "" : "not ", listed(wanted, "and"))
                 : fmt::format("{} {}{}", subject, many ? "" : "neither ",
                               listed(wanted, many ? "or" : "nor"));
}

} // namespace coldframe::patterns

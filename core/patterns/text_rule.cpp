#include "patterns/text_rule.h"

#include <utility>

#include "patterns/fold_case.h"

namespace coldframe::patterns {

namespace {

bool compare(TextRule::Kind kind, std::string_view value, std::string_view wanted)
{
    switch (kind) {
    case TextRule::Kind::Begins:
        return value.starts_with(wanted);
    case TextRule::Kind::Ends:
        return value.ends_with(wanted);
    default:
        return value == wanted;
    }
}

/// The first piece stands at the beginning, the last at the end, and the others between them in
/// order: taking the first place of each leaves the most room for those that follow.
bool fits(const std::vector<std::string>& pieces, std::string_view value)
{
    if (pieces.size() == 1)
        return value == pieces.front();
    const std::string& first = pieces.front();
    const std::string& last = pieces.back();
    if (value.size() < first.size() + last.size() || !value.starts_with(first)
        || !value.ends_with(last))
        return false;
    value.remove_prefix(first.size());
    value.remove_suffix(last.size());
    for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
        const std::size_t at = value.find(pieces[i]);
        if (at == value.npos)
            return false;
        value.remove_prefix(at + pieces[i].size());
    }
    return true;
}

} // namespace

TextRule textRule(TextRule::Kind kind, std::string text, bool ignoreCase)
{
    TextRule rule{.kind = kind, .ignoreCase = ignoreCase};
    rule.compared = ignoreCase ? foldCase(text) : text;
    rule.text = std::move(text);
    return rule;
}

TextRule wildcardRule(std::string text)
{
    TextRule rule{.kind = TextRule::Kind::Wildcard};
    rule.pieces.emplace_back();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '*')
            rule.pieces.emplace_back();
        else
            rule.pieces.back() += text[i] == '\\' && i + 1 < text.size() ? text[++i] : text[i];
    }
    rule.text = std::move(text);
    return rule;
}

bool holds(const TextRule& rule, std::string_view value)
{
    if (rule.kind == TextRule::Kind::Wildcard)
        return fits(rule.pieces, value);
    if (rule.ignoreCase)
        return compare(rule.kind, foldCase(value), rule.compared);
    return compare(rule.kind, value, rule.compared);
}

} // namespace coldframe::patterns

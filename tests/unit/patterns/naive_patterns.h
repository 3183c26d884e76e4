#pragma once

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

// Event patterns a second time, slowly and by the letter of the definition: an event is a list of
// fields, each with the list elements it lies in; a match is a choice of one field for each field
// of the pattern, no two of which lie in objects of different elements of one list. Knows ASCII,
// small numbers and IPv4 only.
namespace coldframe::test::naive {

using nlohmann::json;

struct EventField {
    std::string path;
    json value;
    std::map<std::string, std::size_t> elements; ///< by the list's place in the event
};

inline void flatten(const json& value, const std::string& path, const std::string& place,
                    std::map<std::string, std::size_t> inObjects,
                    const std::map<std::string, std::size_t>& pending,
                    std::vector<EventField>& fields)
{
    if (value.is_object()) {
        inObjects.insert(pending.begin(), pending.end());
        for (const auto& [key, inner] : value.items())
            flatten(inner, path.empty() ? key : path + '.' + key, place + '/' + key, inObjects, {},
                    fields);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            auto next = pending;
            next[place] = i;
            flatten(value[i], path, place + '#' + std::to_string(i), inObjects, next, fields);
        }
    } else {
        fields.push_back({path, value, std::move(inObjects)});
    }
}

using Leaves = std::map<std::string, json>; ///< lists of a pattern by their path

inline void addLeaves(const json& pattern, const std::string& path, std::vector<Leaves>& all)
{
    for (const auto& [key, value] : pattern.items()) {
        const std::string at = path.empty() ? key : path + '.' + key;
        if (key == "$or") {
            std::vector<Leaves> grown;
            for (const json& branch : value) {
                std::vector<Leaves> copy = all;
                addLeaves(branch, path, copy);
                grown.insert(grown.end(), copy.begin(), copy.end());
            }
            all = grown;
        } else if (value.is_object()) {
            addLeaves(value, at, all);
        } else {
            for (Leaves& one : all)
                one[at] = value;
        }
    }
}

inline std::string small(std::string text)
{
    for (char& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

inline bool fits(const char* wildcard, const char* text)
{
    if (*wildcard == '\0')
        return *text == '\0';
    if (*wildcard == '*')
        return fits(wildcard + 1, text) || (*text != '\0' && fits(wildcard, text + 1));
    if (*wildcard == '\\')
        ++wildcard;
    return *wildcard == *text && fits(wildcard + 1, text + 1);
}

inline std::optional<unsigned long> address(const std::string& text)
{
    std::istringstream in(text);
    unsigned long whole = 0, part = 0;
    for (int i = 0; i < 4; ++i) {
        if (!(in >> part) || part > 255)
            return std::nullopt;
        whole = whole * 256 + part;
        if (i < 3 && in.get() != '.')
            return std::nullopt;
    }
    return in.get() == EOF ? std::optional(whole) : std::nullopt;
}

inline bool compares(double value, const std::string& sign, double other)
{
    return sign == "=" ? value == other
        : sign == "<"  ? value < other
        : sign == "<=" ? value <= other
        : sign == ">"  ? value > other
                       : value >= other;
}

inline bool meets(const json& condition, const json& value);

/// Of {"prefix": "a"} and the like: the operator, and a text.
inline bool meetsText(const std::string& op, const json& operand, const std::string& text)
{
    if (operand.is_object()) // in any case
        return meetsText(op, small(operand.at("equals-ignore-case").get<std::string>()),
                         small(text));
    const std::string wanted = operand.get<std::string>();
    if (op == "prefix")
        return text.substr(0, wanted.size()) == wanted;
    if (op == "suffix")
        return text.size() >= wanted.size() && text.substr(text.size() - wanted.size()) == wanted;
    if (op == "equals-ignore-case")
        return small(text) == small(wanted);
    if (op == "wildcard")
        return fits(wanted.c_str(), text.c_str());
    const auto slash = wanted.find('/');
    const auto first = address(wanted.substr(0, slash)), ours = address(text);
    const int bits = std::stoi(wanted.substr(slash + 1));
    return first && ours && (bits == 0 || *first >> (32 - bits) == *ours >> (32 - bits));
}

inline bool excludes(const json& operand, const json& value)
{
    if (operand.is_array())
        return std::any_of(operand.begin(), operand.end(),
                           [&](const json& one) { return excludes(one, value); });
    if (!operand.is_object())
        return operand == value;
    const auto inner = operand.items().begin();
    if (inner.value().is_array())
        return std::any_of(inner.value().begin(), inner.value().end(), [&](const json& one) {
            return excludes(json{{inner.key(), one}}, value);
        });
    return meets(operand, value);
}

inline bool meets(const json& condition, const json& value)
{
    if (!condition.is_object())
        return condition.type() == value.type() || (condition.is_number() && value.is_number())
            ? condition == value
            : false;
    const std::string op = condition.items().begin().key();
    const json& operand = condition.items().begin().value();
    if (op == "exists")
        return operand.get<bool>();
    if (op == "anything-but")
        return !excludes(operand, value);
    if (op == "numeric") {
        bool all = value.is_number();
        for (std::size_t i = 0; all && i + 1 < operand.size(); i += 2)
            all = compares(value.get<double>(), operand[i].get<std::string>(),
                           operand[i + 1].get<double>());
        return all;
    }
    return value.is_string() && meetsText(op, operand, value.get<std::string>());
}

inline bool consistent(const EventField& a, const EventField& b)
{
    return std::all_of(a.elements.begin(), a.elements.end(), [&](const auto& element) {
        const auto other = b.elements.find(element.first);
        return other == b.elements.end() || other->second == element.second;
    });
}

/// Tries every choice of a field, or of none where the pattern allows it.
inline bool choose(Leaves::const_iterator leaf, Leaves::const_iterator end,
                   const std::vector<EventField>& fields, std::vector<const EventField*>& chosen,
                   std::vector<std::string>& absent)
{
    if (leaf == end)
        return std::none_of(fields.begin(), fields.end(), [&](const EventField& field) {
            return std::find(absent.begin(), absent.end(), field.path) != absent.end()
                && std::all_of(chosen.begin(), chosen.end(),
                               [&](const EventField* other) { return consistent(field, *other); });
        });
    const auto next = std::next(leaf);
    for (const EventField& field : fields) {
        const bool right = field.path == leaf->first
            && std::any_of(leaf->second.begin(), leaf->second.end(),
                           [&](const json& one) { return meets(one, field.value); })
            && std::all_of(chosen.begin(), chosen.end(),
                           [&](const EventField* other) { return consistent(field, *other); });
        if (!right)
            continue;
        chosen.push_back(&field);
        const bool found = choose(next, end, fields, chosen, absent);
        chosen.pop_back();
        if (found)
            return true;
    }
    const bool mayBeAbsent
        = std::any_of(leaf->second.begin(), leaf->second.end(), [](const json& c) {
              return c.is_object() && c.contains("exists") && !c.at("exists").get<bool>();
          });
    if (!mayBeAbsent)
        return false;
    absent.push_back(leaf->first);
    const bool found = choose(next, end, fields, chosen, absent);
    absent.pop_back();
    return found;
}

inline bool matches(const json& pattern, const json& event)
{
    std::vector<EventField> fields;
    flatten(event, "", "", {}, {}, fields);
    std::vector<Leaves> alternatives(1);
    addLeaves(pattern, "", alternatives);
    return std::any_of(alternatives.begin(), alternatives.end(), [&](const Leaves& leaves) {
        std::vector<const EventField*> chosen;
        std::vector<std::string> absent;
        return choose(leaves.begin(), leaves.end(), fields, chosen, absent);
    });
}

} // namespace coldframe::test::naive

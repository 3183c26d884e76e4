#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sqs/query_form.h"

namespace coldframe::sqs {

namespace {

using nlohmann::json;

constexpr std::size_t kMostPairs = 2000; ///< ten messages with ten attributes have 600
constexpr std::size_t kMostParts = 8; ///< of a name; the deepest has six

/// What numbered names stand for. Source: botocore 1.29, sqs/2012-11-05/service-2.json.
struct FormGroup {
    std::string_view form, json;
    std::string_view key = {}, value = {}; ///< of maps
};
constexpr std::array<FormGroup, 12> kFormGroups{{
    {"AttributeName", "AttributeNames"},
    {"MessageAttributeName", "MessageAttributeNames"},
    {"MessageSystemAttributeName", "MessageSystemAttributeNames"},
    {"SendMessageBatchRequestEntry", "Entries"},
    {"DeleteMessageBatchRequestEntry", "Entries"},
    {"ChangeMessageVisibilityBatchRequestEntry", "Entries"},
    {"StringListValue", "StringListValues"},
    {"BinaryListValue", "BinaryListValues"},
    {"MessageAttribute", "MessageAttributes", "Name", "Value"},
    {"MessageSystemAttribute", "MessageSystemAttributes", "Name", "Value"},
    {"Attribute", "Attributes", "Name", "Value"},
    {"Tag", "tags", "Key", "Value"},
}};

/// In forms a plus stands for a space.
bool decodeFormText(std::string_view text, std::string& decoded)
{
    decoded.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        unsigned value = 0;
        const char* const digits = text.data() + i + 1;
        if (i + 2 >= text.size()
            || std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2)
            return false;
        decoded += static_cast<char>(value);
        i += 2;
    }
    return true;
}

/// Sets "A.1.B" in nested objects.
bool setPath(json& tree, std::string_view name, std::string value)
{
    json* at = &tree;
    for (std::size_t parts = 1;; ++parts) {
        const std::size_t dot = std::min(name.find('.'), name.size());
        const std::string part(name.substr(0, dot));
        if (part.empty() || parts > kMostParts || !at->is_object())
            return false;
        at = &(*at)[part];
        if (dot == name.size())
            break;
        if (at->is_null())
            *at = json::object();
        name.remove_prefix(dot + 1);
    }
    if (at->is_object())
        return false;
    *at = std::move(value);
    return true;
}

json fromTree(const json& tree);

/// Values under whole numbers, in order of these. A single value without one counts as the first,
/// but for an empty text, by which SDKs mean that there are none.
std::vector<const json*> numbered(const json& group)
{
    if (!group.is_object())
        return group == json("") ? std::vector<const json*>() : std::vector<const json*>{&group};
    std::map<std::uint64_t, const json*> inOrder;
    for (const auto& [key, value] : group.items()) {
        std::uint64_t number = 0;
        const char* const end = key.data() + key.size();
        const auto [stop, problem] = std::from_chars(key.data(), end, number);
        if (problem == std::errc() && stop == end)
            inOrder[number] = &value;
    }
    std::vector<const json*> values;
    for (const auto& [number, value] : inOrder)
        values.push_back(value);
    return values;
}

json listFrom(const json& group)
{
    json list = json::array();
    for (const json* value : numbered(group))
        list.push_back(fromTree(*value));
    return list;
}

json mapFrom(const json& group, const FormGroup& form)
{
    json map = json::object();
    for (const json* pair : numbered(group)) {
        const auto key = pair->is_object() ? pair->find(form.key) : pair->end();
        const auto* name = key != pair->end() ? key->get_ptr<const json::string_t*>() : nullptr;
        const auto value = pair->is_object() ? pair->find(form.value) : pair->end();
        // What lacks a part becomes a member that its reader refuses.
        map[name ? *name : std::string()] = value != pair->end() ? fromTree(*value) : json();
    }
    return map;
}

json fromTree(const json& tree)
{
    if (!tree.is_object())
        return tree;
    json object = json::object();
    for (const auto& [name, value] : tree.items()) {
        const auto* group = std::ranges::find(kFormGroups, name, &FormGroup::form);
        if (group == kFormGroups.end())
            object[name] = fromTree(value);
        else
            object[std::string(group->json)]
                = group->key.empty() ? listFrom(value) : mapFrom(value, *group);
    }
    return object;
}

} // namespace

Expected<json> fromForm(std::string_view form)
{
    json tree = json::object();
    std::string name, value;
    for (std::size_t pairs = 0; !form.empty(); ++pairs) {
        const std::string_view pair = form.substr(0, form.find('&'));
        form.remove_prefix(std::min(pair.size() + 1, form.size()));
        if (pair.empty())
            continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (!decodeFormText(pair.substr(0, equals), name)
            || !decodeFormText(pair.substr(std::min(equals + 1, pair.size())), value))
            return tl::unexpected(
                malformedInput("The form holds a % without two hexadecimal digits behind it."));
        if (pairs >= kMostPairs || !setPath(tree, name, std::move(value)))
            return tl::unexpected(malformedInput(
                fmt::format("The parameter \"{}\" of the form has no place in it: names are made "
                            "of at most {} parts, none is both a text and a group, and there are "
                            "at most {} of them.",
                            name.substr(0, 100), kMostParts, kMostPairs)));
    }
    return fromTree(tree);
}

} // namespace coldframe::sqs

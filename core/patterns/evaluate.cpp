#include "patterns/evaluate.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace coldframe::patterns {

namespace {

using nlohmann::json;

bool meetsAny(const std::vector<Condition>& conditions, const json& scalar)
{
    return std::ranges::any_of(
        conditions, [&](const Condition& condition) { return holds(condition, scalar); });
}

/// What the values of a field come to.
struct Seen {
    bool anything = false; ///< there was a value
    bool met = false;
};

void look(const std::vector<Condition>& conditions, const json& value, int depth, Seen& seen)
{
    if (value.is_object() || depth > kMaxListDepth)
        return;
    if (!value.is_array()) {
        seen.anything = true;
        seen.met = meetsAny(conditions, value);
        return;
    }
    for (const json& element : value) {
        look(conditions, element, depth + 1, seen);
        if (seen.met)
            return;
    }
}

/// All must be right; they are absent when all are.
Outcome both(Outcome a, Outcome b)
{
    if (a == Outcome::Fails || b == Outcome::Fails)
        return Outcome::Fails;
    return a == Outcome::Present || b == Outcome::Present ? Outcome::Present : Outcome::Absent;
}

Outcome inList(const std::vector<Field>& fields, const json& list, int depth)
{
    if (depth > kMaxListDepth)
        return Outcome::Fails;
    Outcome outcome = evaluate(fields, nullptr);
    for (const json& element : list) {
        const Outcome one = evaluate(fields, &element, depth + 1);
        if (one == Outcome::Present)
            return one;
        if (one == Outcome::Fails)
            outcome = one;
    }
    return outcome;
}

/// Both are one field's value: objects become one, all else stands side by side as in a list.
void merge(json& into, json&& more)
{
    if (!into.is_object() || !more.is_object()) {
        into = json::array({std::move(into), std::move(more)});
        return;
    }
    for (auto& [key, value] : more.items()) {
        const auto known = into.find(key);
        if (known == into.end())
            into.emplace(key, std::move(value));
        else
            merge(*known, std::move(value));
    }
}

/// {"c": value} of "c", {"c": {"d": value}} of "c.d".
json nested(std::string_view path, const json& value)
{
    const std::size_t dot = path.find('.');
    if (dot == path.npos)
        return json::object({{std::string(path), value}});
    return json::object({{std::string(path.substr(0, dot)), nested(path.substr(dot + 1), value)}});
}

} // namespace

const json* find(const json& object, const Field& field, json& storage)
{
    const auto& members = object.get_ref<const json::object_t&>();
    const auto direct = members.find(field.name);
    const json* const value = direct == members.end() ? nullptr : &direct->second;
    if (field.fields.empty())
        return value;
    const auto startsOurs = [&](const auto& at) {
        return at != members.end() && at->first.starts_with(field.dotted);
    };
    auto dotted = members.lower_bound(field.dotted);
    if (!startsOurs(dotted))
        return value;
    json below = json::object();
    for (; startsOurs(dotted); ++dotted)
        merge(below,
              nested(std::string_view(dotted->first).substr(field.dotted.size()), dotted->second));
    if (value) {
        storage = *value;
        merge(storage, std::move(below));
    } else {
        storage = std::move(below);
    }
    return &storage;
}

Outcome evaluate(const std::vector<Field>& fields, const json* value, int depth)
{
    if (value && value->is_array())
        return inList(fields, *value, depth);
    const bool object = value && value->is_object();
    Outcome outcome = Outcome::Absent;
    for (const Field& field : fields) {
        json storage;
        outcome = both(outcome,
                       evaluate(field, object ? find(*value, field, storage) : nullptr, depth));
        if (outcome == Outcome::Fails)
            break;
    }
    return outcome;
}

Outcome evaluate(const Field& field, const json* value, int depth)
{
    Outcome outcome = Outcome::Absent;
    if (field.values)
        outcome = evaluate(*field.values, value);
    if (!field.fields.empty() && outcome != Outcome::Fails)
        outcome = both(outcome, evaluate(field.fields, value, depth));
    return outcome;
}

Outcome evaluate(const std::vector<Condition>& conditions, const json* value)
{
    Seen seen;
    if (value)
        look(conditions, *value, 0, seen);
    if (seen.met)
        return Outcome::Present;
    return !seen.anything && std::ranges::any_of(conditions, wantsNothing) ? Outcome::Absent
                                                                           : Outcome::Fails;
}

void collectScalars(const json& value, std::vector<const json*>& scalars, int depth)
{
    if (value.is_object() || depth > kMaxListDepth)
        return;
    if (!value.is_array()) {
        scalars.push_back(&value);
        return;
    }
    for (const json& element : value)
        collectScalars(element, scalars, depth + 1);
}

} // namespace coldframe::patterns

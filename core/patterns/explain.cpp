#include "patterns/explain.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/json_text.h"
#include "model/suggestion.h"
#include "patterns/condition_text.h"
#include "patterns/evaluate.h"

namespace coldframe::patterns {

namespace {

using nlohmann::json;

constexpr std::size_t kLeastToSuggest = 3; ///< characters; any two shorter names are alike
constexpr std::size_t kMaxElements = 1'000; ///< of a list, that are looked at for a reason

/// Where we are in the event.
struct Place {
    std::string field, pointer;

    Place member(const std::string& name) const
    {
        return {field.empty() ? name : field + '.' + name, childPointer(pointer, name)};
    }
    Place element(std::size_t index) const
    {
        return {fmt::format("{}[{}]", field, index), childPointer(pointer, index)};
    }
};

struct Finding {
    Mismatch mismatch;
    std::size_t passed = 0; ///< fields that were right before it
};

Finding findingAt(const Place& place, std::string reason)
{
    return {{place.field, place.pointer, std::move(reason)}};
}

std::size_t leaves(const std::vector<Field>& fields)
{
    std::size_t count = 0;
    for (const Field& field : fields)
        count += (field.values ? 1 : 0) + leaves(field.fields);
    return count;
}

/// Why a value that has neither text nor number nor true, false or null meets no condition.
std::string whyNothing(const json& value)
{
    if (value.is_object())
        return "is an object, and the pattern wants a value: go on to one of its fields";
    return value.empty() ? "is an empty list, which counts as not there"
                         : "is a list without a value";
}

std::optional<Finding> explainFields(const std::vector<Field>& fields, const json& value,
                                     const Place& place);

Finding explainField(const Field& field, const json* value, const Place& place, const json* parent)
{
    if (!value) {
        std::string reason = "the event has no such field";
        std::vector<std::string> names;
        if (parent && parent->is_object() && field.name.size() >= kLeastToSuggest)
            for (const auto& item : parent->items())
                names.push_back(item.key());
        if (const auto meant = suggestFor(field.name, names))
            reason += fmt::format("; it has \"{}\"", *meant);
        else if (parent && !parent->is_object())
            reason += fmt::format(": {} stands in its place", shown(*parent));
        // Name the field that holds values, not the object on the way to it.
        const Field* last = &field;
        Place at = place;
        while (!last->values && !last->fields.empty()) {
            const auto failing = std::ranges::find_if(last->fields, [](const Field& inner) {
                return evaluate(inner, nullptr) == Outcome::Fails;
            });
            last = failing == last->fields.end() ? &last->fields.front() : &*failing;
            at = at.member(last->name);
        }
        return findingAt(at, std::move(reason));
    }
    if (field.values && evaluate(*field.values, value) == Outcome::Fails) {
        std::vector<const json*> scalars;
        collectScalars(*value, scalars);
        return findingAt(place,
                         scalars.empty() ? whyNothing(*value) : whyNot(*field.values, scalars));
    }
    if (auto finding = explainFields(field.fields, *value, place))
        return *finding;
    return findingAt(place, "does not match");
}

std::optional<Finding> explainList(const std::vector<Field>& fields, const json& list,
                                   const Place& place)
{
    std::optional<Finding> best;
    const std::size_t count = std::min(list.size(), kMaxElements);
    for (std::size_t i = 0; i < count; ++i) {
        const bool looked = list[i].is_object() || list[i].is_array();
        auto one = looked ? explainFields(fields, list[i], place.element(i)) : std::nullopt;
        if (one && (!best || one->passed > best->passed))
            best = std::move(one);
    }
    if (best && list.size() > 1)
        best->mismatch.reason += fmt::format(" (and no other element of {} matches)", place.field);
    if (!best)
        for (const Field& field : fields)
            if (evaluate(field, nullptr) == Outcome::Fails)
                return explainField(field, nullptr, place.member(field.name), nullptr);
    return best;
}

std::optional<Finding> explainFields(const std::vector<Field>& fields, const json& value,
                                     const Place& place)
{
    if (value.is_array())
        return explainList(fields, value, place);
    std::size_t passed = 0;
    for (const Field& field : fields) {
        json storage;
        const json* const inner = value.is_object() ? find(value, field, storage) : nullptr;
        if (evaluate(field, inner) == Outcome::Fails) {
            Finding finding = explainField(field, inner, place.member(field.name), &value);
            finding.passed += passed;
            return finding;
        }
        passed += (field.values ? 1 : 0) + leaves(field.fields);
    }
    return std::nullopt;
}

} // namespace

std::string describe(const Mismatch& mismatch)
{
    return mismatch.field.empty() ? mismatch.reason
                                  : fmt::format("{}: {}", mismatch.field, mismatch.reason);
}

Mismatch explain(const std::vector<Alternative>& alternatives, const json& event)
{
    if (!event.is_object())
        return {{}, {}, fmt::format("the event is no object: {}", shown(event))};
    std::optional<Finding> best;
    for (const Alternative& alternative : alternatives) {
        auto one = explainFields(alternative, event, {});
        if (one && (!best || one->passed > best->passed))
            best = std::move(one);
    }
    if (!best)
        return {{}, {}, "no branch matches"};
    if (alternatives.size() > 1)
        best->mismatch.reason += fmt::format(
            "; of {} combinations of \"$or\" this one got furthest", alternatives.size());
    return best->mismatch;
}

} // namespace coldframe::patterns

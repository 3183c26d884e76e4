#include "model/batch_answer.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "model/json_text.h"

namespace coldframe {

namespace {

BatchAnswer unusable(std::string problem)
{
    return {BatchAnswer::Kind::Unusable, {}, std::move(problem)};
}

/// Null, "", {} and [] say nothing of any item.
bool saysNothing(const JsonValue& value)
{
    switch (value.kind()) {
    case JsonValue::Kind::Null:
        return true;
    case JsonValue::Kind::String:
        return value.string().empty();
    case JsonValue::Kind::Object:
        return value.members().empty();
    case JsonValue::Kind::Array:
        return value.elements().empty();
    default:
        return false;
    }
}

/// Why the entry names no item; empty: it does, as `id`.
std::string identifierOf(const JsonValue& entry, std::string& id)
{
    if (!entry.isObject())
        return "is no object";
    const auto identifier = entry.find("itemIdentifier");
    if (!identifier)
        return "has no itemIdentifier";
    if (identifier->kind() == JsonValue::Kind::Null)
        return "itemIdentifier is null";
    if (!identifier->isString())
        return "itemIdentifier is no string";
    id = identifier->string();
    return id.empty() ? "itemIdentifier is empty" : "";
}

} // namespace

BatchAnswer readBatchAnswer(std::string_view answer, std::span<const std::string> itemIds)
{
    if (answer.empty())
        return {};
    const auto parsed = parseJson(std::string(answer), {});
    if (!parsed)
        return unusable("the answer is no JSON: " + parsed.error().message);
    const JsonValue root = parsed->root();
    if (saysNothing(root))
        return {};
    if (!root.isObject())
        return unusable("the answer is no object");
    const auto list = root.find("batchItemFailures");
    if (!list || saysNothing(*list))
        return {};
    if (!list->isArray())
        return unusable("batchItemFailures is no list");

    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < itemIds.size(); ++i)
        places.try_emplace(itemIds[i], i);
    BatchAnswer result{BatchAnswer::Kind::SomeFailed, {}, {}};
    const std::vector<JsonValue> entries = list->elements();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        std::string id;
        std::string problem = identifierOf(entries[i], id);
        const auto place = places.find(id);
        if (problem.empty() && place == places.end())
            problem = fmt::format("the batch has no item \"{}\"", id);
        if (!problem.empty())
            return unusable(fmt::format("batchItemFailures[{}]: {}", i, problem));
        result.failed.push_back(place->second);
    }
    std::ranges::sort(result.failed);
    const auto twice = std::ranges::unique(result.failed);
    result.failed.erase(twice.begin(), twice.end());
    return result;
}

} // namespace coldframe

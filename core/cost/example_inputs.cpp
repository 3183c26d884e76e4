#include <fmt/format.h>

#include "cost/decimal.h"
#include "cost/example_estimate.h"

namespace coldframe::cost {
namespace {

constexpr std::int64_t kMostCount = 1'000'000'000'000'000; // times memory and time below 128 bits

} // namespace

Wide ExampleInputs::count(const std::string& key, std::int64_t fallback)
{
    return static_cast<Wide>(m_in.integer(key, {0, kMostCount}, fallback));
}

Wide ExampleInputs::needed(const std::string& key)
{
    m_in.require(key);
    return count(key);
}

std::optional<Trillionths> ExampleInputs::decimal(const std::string& key)
{
    const std::optional<JsonValue> value = m_in.value(key);
    if (!value)
        return std::nullopt;
    const auto amount
        = parsePicodollars(value->isString() ? value->string() : std::string(value->raw()));
    if (!amount)
        m_in.fail(Error::Code::Malformed, key,
                  fmt::format("{} {}, got {}", key, amount.error(), excerpt(*value)));
    return amount.value_or(0);
}

Wide ExampleInputs::thousandths(const std::string& key, std::int64_t fallback)
{
    constexpr Trillionths kOfThousandth = 1'000'000'000;
    const std::optional<Trillionths> value = decimal(key);
    return static_cast<Wide>(value ? *value / kOfThousandth : fallback);
}

Trillionths ExampleInputs::dollars(const std::string& key)
{
    return decimal(key).value_or(0);
}

void readFreeTier(ExampleInputs& in, Estimate& estimate)
{
    JsonReader& reader = in.reader();
    const std::optional<JsonValue> value = reader.value("freeTier");
    if (!value)
        return;
    if (value->kind() == JsonValue::Kind::Boolean) {
        estimate.freeTier = value->boolean();
    } else if (value->isString() && value->string() == "requests only") {
        estimate.onlyFreeRequests = true;
    } else if (value->isObject()) {
        const auto free = [&](const char* key, const char* name, std::vector<Resource> of) {
            const std::optional<JsonValue> found = value->find(key);
            const auto whole = found && found->kind() == JsonValue::Kind::Number ? found->integer()
                                                                                 : std::nullopt;
            if (whole && *whole >= 0 && *whole <= kMostCount)
                estimate.free.push_back({.name = name,
                                         .of = of,
                                         .amount = factsOf(of.front()).units.front().size
                                             * static_cast<Wide>(*whole)});
        };
        estimate.ownFree = true;
        free("requests", "requests", {Resource::Requests});
        free("gbSeconds", "compute", {Resource::ComputeX86, Resource::ComputeArm});
    } else {
        reader.fail(Error::Code::Malformed, "freeTier",
                    "must be true, false, \"requests only\", or an object with \"requests\" and "
                    "\"gbSeconds\"");
    }
}

} // namespace coldframe::cost

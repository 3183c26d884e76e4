#include "patterns/condition.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace coldframe::patterns {

namespace {

using nlohmann::json;

const std::string& textOf(const json& scalar)
{
    return scalar.get_ref<const std::string&>();
}

bool within(const NumberBetween& range, const Number& number)
{
    if (range.from && !(number > range.from->number)
        && !(range.from->included && number == range.from->number))
        return false;
    return !range.to || number < range.to->number
        || (range.to->included && number == range.to->number);
}

struct Holds {
    const json& scalar;

    bool operator()(IsNull) const { return scalar.is_null(); }
    bool operator()(bool wanted) const
    {
        return scalar.is_boolean() && scalar.get<bool>() == wanted;
    }
    bool operator()(const EqualsNumber& wanted) const
    {
        return scalar.is_number() && Number::of(scalar) == wanted.number;
    }
    bool operator()(const TextRule& rule) const
    {
        return scalar.is_string() && patterns::holds(rule, textOf(scalar));
    }
    bool operator()(const NumberBetween& range) const
    {
        return scalar.is_number() && within(range, Number::of(scalar));
    }
    bool operator()(const AddressBlock& block) const
    {
        if (!scalar.is_string())
            return false;
        const auto address = readAddress(textOf(scalar));
        return address && block.contains(*address);
    }
    bool operator()(const AnythingBut& excluded) const
    {
        if (scalar.is_string())
            return std::ranges::none_of(excluded.texts, [this](const TextRule& rule) {
                return patterns::holds(rule, textOf(scalar));
            });
        if (scalar.is_number())
            return std::ranges::find(excluded.numbers, Number::of(scalar))
                == excluded.numbers.end();
        return true;
    }
    bool operator()(Exists exists) const { return exists.there; }
};

} // namespace

bool holds(const Condition& condition, const json& scalar)
{
    return std::visit(Holds{scalar}, condition);
}

bool wantsNothing(const Condition& condition)
{
    const auto* exists = std::get_if<Exists>(&condition);
    return exists && !exists->there;
}

} // namespace coldframe::patterns

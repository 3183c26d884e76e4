#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "patterns/address_block.h"
#include "patterns/number.h"
#include "patterns/text_rule.h"

namespace coldframe::patterns {

struct IsNull { };

/// {"numeric": [">", 0, "<=", 5]}; "=" has both ends at one number.
struct NumberBetween {
    struct End {
        Number number;
        bool included = false;
    };
    std::optional<End> from, to;
    std::string text; ///< for explanations: "> 0 and <= 5"
};

/// {"anything-but": …}. Only one of the two lists has anything in it.
struct AnythingBut {
    std::vector<TextRule> texts;
    std::vector<Number> numbers;
    std::string text; ///< of `numbers`, for explanations: "100, 200"
};

struct Exists {
    bool there = true;
};

/// An exact number, and how the pattern spells it.
struct EqualsNumber {
    Number number;
    std::string text;
};

/// One element of a field's list: the field is right when one of its values meets one of them.
using Condition = std::variant<IsNull, bool, EqualsNumber, TextRule, NumberBetween, AddressBlock,
                               AnythingBut, Exists>;

/// Whether a text, number, boolean or null meets it. {"exists": false} is met by no value.
bool holds(const Condition& condition, const nlohmann::json& scalar);

/// Whether it is {"exists": false}.
bool wantsNothing(const Condition& condition);

} // namespace coldframe::patterns

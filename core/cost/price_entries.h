#pragma once

#include <string>
#include <vector>

#include "cost/price_book.h"
#include "model/json_reader.h"

// Reading single entries of a price book. What is wrong is recorded in the errors.
namespace coldframe::cost {

inline constexpr const char* kKeysOfPrices
    = "write its key below \"prices\", parts joined by a dot: \"idle.memory\"";

class PriceEntries {
public:
    PriceEntries(const JsonText& text, Errors& errors) : m_text(text), m_errors(errors) { }

    /// The object at `key`; of no use, but safe to read from, when it is missing.
    JsonReader section(JsonReader& parent, const std::string& key);

    Rate rate(JsonReader& parent, const std::string& key, const ResourceFacts& facts);
    /// A quantity that is free each month.
    Allowance allowance(JsonReader& parent, const std::string& key, const ResourceFacts& facts);
    /// An amount of money that is taken off what some resources cost, each month.
    Allowance credit(JsonReader& parent, const std::string& key);
    /// A whole number with a unit and where it is from.
    std::int64_t value(JsonReader& parent, const std::string& key, const std::string& unit,
                       std::int64_t max);
    /// A factor such as "1.4", as a fraction of 1e12; "of" names what it is for, no names: all.
    struct Multiplier {
        std::int64_t factor = 0;
        std::vector<std::string> of;
    };
    Multiplier multiplier(JsonReader& parent, const std::string& key);

    const std::string& newest() const { return m_newest; } ///< date of all entries read

private:
    std::vector<Rate::Tier> tiers(JsonReader& entry, const Unit& unit);
    std::int64_t price(JsonReader& entry, const std::string& key, const char* what);
    void checkUnit(JsonReader& entry, const std::string& wanted);
    using NameOf = std::string (*)(const Unit&);
    Unit chosenUnit(JsonReader& entry, std::span<const Unit> units, NameOf nameOf);
    void readProvenance(JsonReader& entry, std::string& source, std::string& asOf);

    const JsonText& m_text;
    Errors& m_errors;
    const JsonText m_empty = *parseJson("{}", {}); ///< stands in for a missing section
    Errors m_ignored; ///< that section's errors: it being missing is said once
    std::string m_newest;
};

} // namespace coldframe::cost

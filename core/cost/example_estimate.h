#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cost/bill.h"
#include "cost/example.h"
#include "cost/meters.h"
#include "model/json_reader.h"

// What the estimators of providers share.
namespace coldframe::cost {

/// The inputs of an example. Getters record what is wrong and give zero then.
class ExampleInputs {
public:
    explicit ExampleInputs(JsonReader& in) : m_in(in) { }

    bool has(const std::string& key) { return m_in.has(key); }
    Wide count(const std::string& key, std::int64_t fallback = 0);
    Wide needed(const std::string& key); ///< a count that must be there
    /// A number or decimal text below a million, in thousandths: "0.167" is 167.
    Wide thousandths(const std::string& key, std::int64_t fallback = 0);
    Trillionths dollars(const std::string& key);
    std::string word(const std::string& key) { return m_in.string(key); }
    JsonReader& reader() { return m_in; }

private:
    std::optional<Trillionths> decimal(const std::string& key);

    JsonReader& m_in;
};

/// What an example uses, and at which prices.
struct Estimate {
    std::string book; ///< its id
    std::string variant; ///< of the book; empty: its own prices
    Meters meters;
    /// What no book prices: it is worked out from the inputs.
    std::vector<PricedExample::Line> extra;
    bool freeTier = true;
    std::vector<Allowance> free; ///< instead of the book's
    bool ownFree = false;
    std::vector<std::string> withoutFree; ///< names of allowances that are used up
    bool onlyFreeRequests = false;
    /// Prices the example brings along.
    std::vector<std::pair<Resource, Trillionths>> prices;
    bool isConversion = false; ///< of units: the extra lines are all there is
};

/// How the lines of its bills are called in examples.
using LineName = const char* (*)(Resource);

struct Provider {
    const char* name; ///< "aws-lambda"
    Estimate (*estimate)(ExampleInputs&);
    LineName lineName;
};

std::span<const Provider> providers();

Estimate estimateLambda(ExampleInputs& in);
Estimate estimateCloudRun(ExampleInputs& in);
Estimate estimateFirstGeneration(ExampleInputs& in);
Estimate estimateConsumption(ExampleInputs& in);
Estimate estimateFlex(ExampleInputs& in);
Estimate estimatePremium(ExampleInputs& in);
Estimate estimateWorkers(ExampleInputs& in);

/// Reads "freeTier": true, false, "requests only", or the quantities that are free.
void readFreeTier(ExampleInputs& in, Estimate& estimate);

inline constexpr Wide kNsOfMs = 1'000'000, kNsOfSecond = 1'000'000'000;
inline constexpr Wide kMbNsOfGbSecond = 1024 * kNsOfSecond;

constexpr Wide roundedUp(Wide amount, Wide step)
{
    return (amount + step - 1) / step * step;
}

} // namespace coldframe::cost

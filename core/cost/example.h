#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "cost/price_book.h"
#include "model/error.h"

// Worked examples as providers publish them: what is used, and what their page says that it costs.
// docs/COST.md lists the inputs of each provider.
namespace coldframe::cost {

using PriceBooks = std::map<std::string, PriceBook>; ///< by PriceBook::id

/// Fractions of 1e12: of a dollar, or of a GB-s where the example converts units.
using Trillionths = std::int64_t;

struct PricedExample {
    std::string id, provider;
    struct Line {
        std::string name; ///< "compute", "t2"
        Trillionths amount = 0; ///< below zero: a credit
    };
    std::vector<Line> lines;
    Trillionths total = 0; ///< exactly the sum of the lines
    Trillionths sumOfCents = 0; ///< of the lines, each rounded to cents first, as some pages do
    std::string published; ///< total; empty: the example has none
    /// Total or sum of cents are the published total, in cents. False also without one.
    bool matches = false;
};

struct PricedExamples {
    std::vector<PricedExample> examples;
    std::vector<Error> errors; ///< those of them that cannot be priced, with their places
};

/// Prices `{"examples": [{"id", "provider", "inputs", "published"}, …]}` with the books at hand.
/// An error when the text is no such document.
Result<PricedExamples> priceExamples(const std::string& text, const std::string& fileName,
                                     const PriceBooks& books);

} // namespace coldframe::cost

#pragma once

#include <span>
#include <string_view>

#include "cost/price_book.h"
#include "sim/figures.h"
#include "sim/model.h"

namespace coldframe::sim {

/// What a figure of a result is made from.
struct Measured {
    const Figures& figures;
    const Window& window;
    double memoryGb = 0; ///< of one instance; NaN for several functions together
    double costUsd = 0; ///< NaN when nothing is priced
};

/// One figure of a result, as files and tables name it.
struct Metric {
    std::string_view key; ///< "coldStartProbability", "responseS/p95"
    std::string_view unit; ///< "s", "USD", "instances"; empty for counts and shares
    double (*of)(const Measured&); ///< NaN where the run does not say
};

/// All of them, in the order of results.
std::span<const Metric> metrics();
const Metric* findMetric(std::string_view key);

/// What one function's run costs at the book's prices, without a free tier, in USD; provisioned
/// instances are held for the whole window.
double costOf(const Figures& figures, const FunctionModel& function, const Window& window,
              const cost::PriceBook& book);

} // namespace coldframe::sim

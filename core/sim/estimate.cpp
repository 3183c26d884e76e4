#include "sim/estimate.h"

#include <cmath>
#include <vector>

#include "sim/elementary.h"
#include "sim/gamma.h"

namespace coldframe::sim {

std::optional<Estimate> estimate(std::span<const double> values)
{
    std::vector<double> known;
    for (const double value : values)
        if (!std::isnan(value))
            known.push_back(value);
    if (known.empty())
        return std::nullopt;
    const auto count = static_cast<double>(known.size());
    // Around the first, so that values that are all the same have exactly no spread.
    double sum = 0, squares = 0;
    for (const double value : known)
        sum += value - known.front();
    const double mean = known.front() + sum / count;
    if (known.size() == 1)
        return Estimate{mean, std::nullopt};
    for (const double value : known)
        squares += (value - mean) * (value - mean);
    const double error = squareRoot(squares / (count - 1) / count);
    return Estimate{mean, studentT95(static_cast<unsigned>(known.size() - 1)) * error};
}

} // namespace coldframe::sim

#include "study/arrival_copies.h"

namespace coldframe::study {

std::vector<std::int64_t> copied(const std::vector<std::int64_t>& times, double factor,
                                 const sim::Stream& chance)
{
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const auto whole = static_cast<std::int64_t>(factor);
        const bool more = sim::unitOf(chance.bits(i)) < factor - static_cast<double>(whole);
        const std::int64_t copies = whole + more;
        const std::int64_t gap = i + 1 < times.size() ? times[i + 1] - times[i] : 0;
        for (std::int64_t k = 0; k < copies; ++k)
            all.push_back(times[i] + gap * k / copies);
    }
    return all;
}

} // namespace coldframe::study

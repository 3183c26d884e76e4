#include "engine/idle_histogram.h"

namespace coldframe::engine {

namespace {
constexpr double kLeastVariation = 2; // coefficient of variation of the bin counts
constexpr std::uint64_t kTailPercent = 99;
constexpr int kMarginPercent = 10;
} // namespace

void IdleHistogram::add(Duration idle)
{
    if (m_bins.empty())
        m_bins.resize(kBins);
    if (idle >= kBin * kBins) {
        ++m_beyond;
    } else {
        std::uint32_t& count = m_bins[static_cast<std::size_t>(idle / kBin)];
        m_squares += 2.0 * count + 1; // (n + 1)² - n²
        ++count;
        ++m_within;
    }
    m_window = representative() ? window() : Duration::zero();
}

/// The variance of the bin counts c over the square of their mean is B Σc² / (Σc)² - 1.
bool IdleHistogram::representative() const
{
    if (m_within + m_beyond < kEnough || m_beyond > m_within)
        return false;
    const auto sum = static_cast<double>(m_within);
    return kBins * m_squares > (1 + kLeastVariation * kLeastVariation) * sum * sum;
}

Duration IdleHistogram::window() const
{
    std::uint64_t below = 0;
    std::uint32_t bin = 0;
    while (bin + 1 < kBins && (below += m_bins[bin]) * 100 < m_within * kTailPercent)
        ++bin;
    const Duration tail = kBin * (bin + 1);
    return tail + tail * kMarginPercent / 100;
}

} // namespace coldframe::engine

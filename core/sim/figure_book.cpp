#include "sim/figure_book.h"

namespace coldframe::sim {

FigureBook::FigureBook(const Window& window)
    : inUse(window), alive(window), m_window(window), m_stepBegin(window.from)
{
    m_figures.steps.resize(window.steps());
}

Figures FigureBook::close(std::optional<cost::Wide> idle)
{
    inUse.close(), alive.close();
    const auto trimmed = [](std::vector<std::int64_t> held) {
        while (!held.empty() && held.back() == 0)
            held.pop_back();
        return held;
    };
    m_figures.inUseNs = inUse.integral(), m_figures.aliveNs = alive.integral();
    m_figures.idleNs = idle ? *idle : m_figures.aliveNs - m_figures.inUseNs;
    m_figures.peakInUse = inUse.peak(), m_figures.peakAlive = alive.peak();
    m_figures.inUseHeld = trimmed(inUse.held()), m_figures.aliveHeld = trimmed(alive.held());
    for (std::size_t i = 0; i < m_figures.steps.size(); ++i) {
        m_figures.steps[i].inUseNs = inUse.integrals()[i];
        m_figures.steps[i].aliveNs = alive.integrals()[i];
    }
    return std::move(m_figures);
}

} // namespace coldframe::sim

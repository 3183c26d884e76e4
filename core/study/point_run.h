#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "sim/engine_run.h"
#include "study/function_groups.h"
#include "study/simulation.h"

namespace coldframe::study {

/// One point of a sweep while it is simulated: work for threads, and the sum of what they found.
///
/// Functions that share nothing are simulated one by one, those that share a backend or a queue as
/// a group. All share the account's limit when the sum of their peaks passes it; then all of a
/// replication are simulated together. Which it is, is found by trying: as long as the sum of peaks
/// stays within the limit, it never bound.
class PointRun {
public:
    PointRun(Prepared prepared, std::vector<Setting> settings);

    /// Independent pieces of work; call runItem() for each, from any threads, then finish().
    std::size_t items() const { return m_items; }
    /// `onProgress` is told now and then what share of the item is done, 0 … 1.
    void runItem(std::size_t item, const std::stop_token& stop,
                 const std::function<void(double)>& onProgress = {});
    /// Whether another round of items is needed: the account's limit bound in some replications.
    bool nextRound();
    PointResult finish();

private:
    bool together(std::size_t replication) const { return m_together[replication]; }
    void keep(std::size_t replication, const FunctionGroup& group, sim::SystemFigures figures);
    void estimateBackends(PointResult& result) const;
    void estimateQueues(PointResult& result) const;
    void estimateStreams(PointResult& result) const;
    void estimateAll(PointResult& result) const;
    void makeSeries(PointResult& result) const;

    Prepared m_prepared;
    std::vector<Setting> m_settings;
    std::size_t m_functions, m_backends, m_queues, m_streams, m_replications, m_items;
    std::vector<bool> m_together; ///< by replication
    std::vector<std::size_t> m_again; ///< replications of the second round
    bool m_second = false;
    std::vector<sim::Figures> m_figures; ///< by replication and function
    std::vector<sim::BackendFigures> m_backendFigures; ///< by replication and backend
    std::vector<sim::QueueFigures> m_queueFigures; ///< by replication and queue
    std::vector<sim::StreamFigures> m_streamFigures; ///< by replication and stream
    std::vector<FunctionGroup> m_groups;
    std::vector<bool> m_byKernel; ///< by function
};

} // namespace coldframe::study

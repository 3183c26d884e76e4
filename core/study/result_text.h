#pragma once

#include <string>

#include "study/simulation.h"

namespace coldframe::study {

/// One line of JSON: `functions.NAME` and `total` with a mean and a 95 % half-width of each figure
/// (null where the runs do not say, or there was only one), `backends.NAME`, `queues.NAME` and
/// `streams.NAME` where there are any. With sweeps, the same for each element of `points`, beside
/// its `settings`.
std::string toJson(const SimulationResult& result);

/// A row for each point and function, and one for the total: the settings, then two columns for
/// each figure. Where there are backends, queues or streams, a row for each of them, too, with
/// figures of its own behind the functions'. Decimal points whatever the locale; empty where there
/// is no figure.
std::string toCsv(const SimulationResult& result);

/// A row for each step of a point's series: mean, lowest and highest over the replications; of
/// queues, `queue.NAME.depth`.
std::string seriesToCsv(const PointResult& point);

} // namespace coldframe::study

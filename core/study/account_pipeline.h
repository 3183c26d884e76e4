#pragma once

#include "study/work_crew.h"
#include "traces/account_gate.h"
#include "traces/account_pools.h"

namespace coldframe::study {

/// Replays a workload under a limit shared by all functions. Minutes are made ahead of time by
/// whichever thread is free; what is let in is decided minute after minute, and so are the pools
/// fed. False: it was stopped, and `pools` are incomplete. Errors of memory end the program.
bool replayUnderLimit(const traces::Workload& workload, const traces::ReplayRules& rules,
                      std::size_t limit, unsigned threads, traces::AccountPools& pools,
                      const std::stop_token& stop, const Progress& progress);

} // namespace coldframe::study

#include "sim/figures.h"

#include <algorithm>

namespace coldframe::sim {

namespace {
void addEach(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from)
{
    to.resize(std::max(to.size(), from.size()));
    for (std::size_t i = 0; i < from.size(); ++i)
        to[i] += from[i];
}
} // namespace

void Figures::add(const Figures& other)
{
    arrived += other.arrived, cold += other.cold, warm += other.warm;
    rejected += other.rejected, expired += other.expired, waiting += other.waiting;
    unfinished += other.unfinished;
    attempts += other.attempts, failedAttempts += other.failedAttempts;
    timeouts += other.timeouts, coldRetries += other.coldRetries,
        deadLettered += other.deadLettered;
    clientRetries += other.clientRetries, waited += other.waited;
    instancesStarted += other.instancesStarted;
    inUseNs += other.inUseNs, initNs += other.initNs;
    aliveNs += other.aliveNs, idleNs += other.idleNs;
    waitNs += other.waitNs, serviceNs += other.serviceNs, billedNs += other.billedNs,
        provisionedNs += other.provisionedNs;
    responseNs += other.responseNs;
    peakInUse = std::max(peakInUse, other.peakInUse);
    peakAlive = std::max(peakAlive, other.peakAlive);
    response.add(other.response), wait.add(other.wait);
    addEach(inUseHeld, other.inUseHeld), addEach(aliveHeld, other.aliveHeld);
    steps.resize(std::max(steps.size(), other.steps.size()));
    for (std::size_t i = 0; i < other.steps.size(); ++i) {
        Step& to = steps[i];
        const Step& from = other.steps[i];
        to.arrived += from.arrived, to.cold += from.cold, to.rejected += from.rejected;
        to.inUseNs += from.inUseNs, to.aliveNs += from.aliveNs;
    }
}

} // namespace coldframe::sim

#include "engine/metering.h"

#include <algorithm>

namespace coldframe::engine {

namespace {
__extension__ using Wide = __int128; // nanoseconds times megabytes pass 64 bits after a day
}

Duration platformTime(Duration wall, Duration cpu, Duration runQueueWait, std::uint32_t memoryMb,
                      std::uint32_t mbPerVcpu)
{
    const Duration undisturbed = std::max(wall - runQueueWait, Duration::zero());
    if (mbPerVcpu == 0 || memoryMb == 0 || cpu == Duration::zero())
        return undisturbed;
    const auto onOneShare = Duration(
        static_cast<Duration::rep>(static_cast<Wide>(cpu.count()) * mbPerVcpu / memoryMb));
    if (cpu > undisturbed)
        return std::max(undisturbed, onOneShare);
    return undisturbed - cpu + std::max(cpu, onOneShare);
}

Duration billedTime(Duration init, Duration run, Duration step)
{
    const Duration ran = init + run;
    if (step <= Duration::zero())
        return ran;
    const auto steps = (ran.count() + step.count() - 1) / step.count();
    return step * std::max<Duration::rep>(steps, 1);
}

std::uint32_t extraRequests(std::uint32_t bytes, const Platform& platform)
{
    if (platform.asyncExtraRequestBytes == 0 || bytes <= platform.asyncFirstRequestBytes)
        return 0;
    const std::uint32_t above = bytes - platform.asyncFirstRequestBytes;
    return (above + platform.asyncExtraRequestBytes - 1) / platform.asyncExtraRequestBytes;
}

Duration keepAliveOnCurve(const KeepAlive& keepAlive, double unit)
{
    double alive = 1;
    Duration idle{};
    for (const KeepAlive::Point& point : keepAlive.survival) {
        if (point.alive <= unit) {
            if (alive <= point.alive)
                return point.idle;
            const double share = (alive - unit) / (alive - point.alive);
            return idle
                + Duration(static_cast<Duration::rep>(
                    share * static_cast<double>((point.idle - idle).count())));
        }
        alive = point.alive;
        idle = point.idle;
    }
    return idle; // the curve does not reach zero: nothing is known beyond its end
}

} // namespace coldframe::engine

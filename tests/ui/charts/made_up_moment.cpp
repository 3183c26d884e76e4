#include "made_up_moment.h"

#include <cmath>
#include <random>

namespace coldframe::ui::charts_test {

namespace {

using namespace std::chrono_literals;
using session::Span;

std::shared_ptr<Workspace> workspace()
{
    auto made = std::make_shared<Workspace>();
    for (const char* name : {"thumbnails", "csv-etl", "orders-audit"}) {
        Function function;
        function.name = name;
        made->functions.push_back(function);
    }
    return made;
}

std::vector<session::Bucket> buckets()
{
    std::mt19937 random(7);
    const auto jitter = [&random](double size) {
        return size * (static_cast<double>(random() % 2001) / 1000.0 - 1.0);
    };
    std::vector<session::Bucket> made(session::kBuckets);
    double busy = 12.0;
    double requests = 0.0, compute = 0.0, provisioned = 0.0;
    for (int i = 0; i < session::kBuckets; ++i) {
        session::Bucket& bucket = made[static_cast<std::size_t>(i)];
        const bool burst = i >= 70;
        const double target = burst ? 38.0 + 8.0 * std::sin(i * 0.05) : 14.0;
        busy += (target - busy) * 0.12 + jitter(0.9);
        bucket.busy = static_cast<float>(std::round(busy));
        bucket.idle = static_cast<float>(std::round((burst ? 12.0 : 7.0) + jitter(1.0)));
        bucket.initialising = static_cast<float>(i > 72 && i < 90 ? 8 - (i - 72) / 3 : i % 3 == 0);
        bucket.limit = 150;
        bucket.arrived = static_cast<std::uint32_t>((burst ? 54.0 : 20.0) + jitter(5.0));
        bucket.ended = static_cast<std::uint32_t>((burst ? 52.0 : 20.0) + jitter(5.0));
        bucket.throttled = i > 72 && i < 84 ? 17 : 0;
        const double bump = std::exp(-std::pow((i - 84) / 8.0, 2));
        bucket.p50Ms = static_cast<float>(44.0 + 14.0 * bump + jitter(2.0));
        bucket.p95Ms = static_cast<float>(100.0 + 95.0 * bump + jitter(9.0));
        bucket.p99Ms = static_cast<float>(160.0 + 240.0 * bump + jitter(22.0));
        requests += burst ? 0.00006 : 0.00002;
        compute += burst ? 0.000165 : 0.00004;
        provisioned += 0.00005;
        bucket.requestsUsd = requests;
        bucket.computeUsd = compute;
        bucket.provisionedUsd = provisioned;
    }
    return made;
}

} // namespace

std::vector<session::Lane> manyLanes(int lanes, TimePoint now, Duration work, Duration idle)
{
    std::mt19937 random(11);
    const auto about = [&random](Duration length) { return length * (60 + random() % 81) / 100; };
    std::vector<session::Lane> made;
    for (int n = 1; n <= lanes; ++n) {
        session::Lane lane;
        lane.serial = static_cast<std::uint32_t>(n);
        TimePoint at = now - 100s + (n <= 5 ? n * 2s : 40s + n * 900ms);
        if (at > now - 10s)
            at = now - 60s;
        const TimePoint quiet = now - 40s + (n % 7) * 4s;
        const bool retires = lanes > 10 && n > lanes - 3;
        const TimePoint end = retires ? now - 20s : now;
        const auto add = [&](Span::Kind kind, Duration length) {
            const TimePoint to = std::min(end, at + length);
            if (to > at)
                lane.spans.push_back(
                    {kind, at, to, static_cast<std::uint32_t>(random() % 9000 + 1)});
            at = to;
        };
        add(Span::Kind::Starting, 300ms);
        add(Span::Kind::Initialising, 2500ms);
        while (at < end) {
            add(random() % 23 == 0 ? Span::Kind::Error : Span::Kind::Work, about(work));
            add(Span::Kind::Idle, at > quiet ? about(idle) * 6 : about(idle));
        }
        if (retires)
            lane.retiredAt = end;
        made.push_back(std::move(lane));
    }
    return made;
}

std::shared_ptr<session::Snapshot> busyMoment(TimePoint now)
{
    auto made = std::make_shared<session::Snapshot>();
    made->now = now;
    made->startedAt = now - 10min;
    made->workspace = workspace();
    made->functions.resize(3);
    made->functions[0].pool = {.idle = 5, .busy = 14, .inUse = 48, .limit = 50};
    made->functions[1].pool = {.idle = 1, .busy = 3, .inUse = 5, .limit = 10};
    made->buckets = buckets();
    made->firstBucketAt = now - session::kBuckets * session::kBucketLength + 200ms;
    made->lanes = manyLanes(17, now, 2600ms, 350ms);
    made->totals.cost = Money::fromPicodollars(41'800'000'000);
    made->p95Ms = 118.4;
    return made;
}

} // namespace coldframe::ui::charts_test

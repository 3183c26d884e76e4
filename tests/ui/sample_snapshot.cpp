#include "sample_snapshot.h"

#include <cmath>

namespace coldframe::ui::sample {

namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{std::chrono::sys_days(std::chrono::year(2026) / 9 / 14) + 12h + 3min};

Function function(const char* name)
{
    Function made;
    made.name = name;
    made.handler = "app.handler";
    made.memoryMb = 512;
    return made;
}

std::shared_ptr<Workspace> workspace()
{
    auto made = std::make_shared<Workspace>();
    made->name = "orders";
    for (const char* name :
         {"thumbnails", "csv-etl", "orders-audit", "enrich", "nightly-report", "uppercase"})
        made->functions.push_back(function(name));
    for (const char* name : {"uploads", "previews", "results", "failed"})
        made->stores.push_back({name, FolderStore{std::string("/tmp/orders/") + name}});
    FileTrigger pictures;
    pictures.store = "uploads";
    pictures.suffix = ".jpg";
    FileTrigger tables;
    tables.store = "results";
    tables.suffix = ".csv";
    ScheduleTrigger nightly;
    nightly.expression = "cron(0 2 * * ? *)";
    ScheduleTrigger often;
    often.expression = "rate(5 minutes)";
    made->triggers = {{"on-upload", "thumbnails", true, {}, pictures},
                      {"on-csv", "csv-etl", true, {}, tables},
                      {"audit", "orders-audit", true, {}, often},
                      {"enrich-jobs", "enrich", true, {}, ManualTrigger{}},
                      {"nightly", "nightly-report", true, {}, nightly}};
    return made;
}

session::FunctionView pool(std::uint32_t busy, std::uint32_t idle, std::uint32_t limit)
{
    session::FunctionView view;
    view.pool.busy = busy;
    view.pool.idle = idle;
    view.pool.limit = limit;
    view.state = busy ? "running" : "idle";
    return view;
}

std::vector<session::Bucket> buckets()
{
    std::vector<session::Bucket> made(session::kBuckets);
    for (int i = 0; i < session::kBuckets; ++i) {
        session::Bucket& bucket = made[static_cast<std::size_t>(i)];
        const double wave = std::sin(i * 0.11) + 0.4 * std::sin(i * 0.71);
        bucket.busy = static_cast<float>(i < 70 ? 12 + 3 * wave : 38 + 6 * wave);
        bucket.idle = static_cast<float>(i < 70 ? 6 : 14);
        bucket.initialising = i > 70 && i < 90 ? 6.0F : 0.5F;
        bucket.limit = 150;
        bucket.arrived = bucket.ended = 54;
        bucket.cold = i > 70 && i < 90 ? 2 : 0;
        bucket.p50Ms = static_cast<float>(48 + 4 * wave);
        bucket.p95Ms = static_cast<float>(110 + 12 * wave);
        bucket.p99Ms = static_cast<float>(170 + 25 * wave + (i > 75 && i < 95 ? 180 : 0));
        bucket.requestsUsd = 0.00004 * i;
        bucket.computeUsd = 0.00012 * i;
    }
    return made;
}

std::vector<session::Lane> lanes()
{
    std::vector<session::Lane> made;
    for (std::uint32_t serial = 1; serial <= 17; ++serial) {
        session::Lane lane;
        lane.serial = serial;
        TimePoint at = kNow - 100s + serial * 2s;
        const auto add = [&](session::Span::Kind kind, Duration length) {
            lane.spans.push_back({kind, at, at + length, serial});
            at += length;
        };
        add(session::Span::Kind::Initialising, 1500ms);
        while (at < kNow - 4s) {
            add(serial % 6 == 3 && made.size() > 8 ? session::Span::Kind::Error
                                                   : session::Span::Kind::Work,
                2s + serial * 70ms);
            add(session::Span::Kind::Idle, 900ms + (serial % 5) * 400ms);
        }
        made.push_back(lane);
    }
    return made;
}

history::AttemptLog::View attempts()
{
    history::AttemptLog log;
    for (std::uint32_t i = 0; i < 400; ++i) {
        history::AttemptRow row;
        row.acceptedAt = kNow - 33s + i * 83ms;
        row.startedAt = row.acceptedAt + 2ms;
        row.function = i % 3;
        row.trigger = static_cast<std::uint16_t>(1 + i % 3);
        row.invocation = i + 1;
        row.instance = 1 + i % 17;
        row.requestId
            = {static_cast<std::uint8_t>(i), 0xad, 0x95, static_cast<std::uint8_t>(i * 7)};
        row.desk = 9ms + (i * 37 % 211) * 1ms;
        row.platform = 2 * row.desk;
        row.memoryMb = 512;
        row.peakMemoryKb = (90 + i * 53 % 400) * 1024;
        row.costPicodollars = 480'000 + (i * 131 % 4000) * 1000;
        row.start = i % 29 == 5 ? history::StartKind::Cold : history::StartKind::Warm;
        if (row.start == history::StartKind::Cold)
            row.init = 312ms;
        row.billed = row.platform + row.init;
        if (i % 37 == 11)
            row.ending = history::Ending::TimedOut;
        if (i % 23 == 7) {
            row.function = 3;
            row.ending = history::Ending::Rejected;
            row.start = history::StartKind::None;
            row.why = engine::Why::ThrottledReserved;
            row.reasonA = row.reasonB = 10;
        }
        log.append(row);
    }
    return log.view();
}

} // namespace

std::shared_ptr<session::Snapshot> busySnapshot()
{
    auto made = std::make_shared<session::Snapshot>();
    made->now = kNow;
    made->startedAt = kNow - 10min;
    made->workspace = workspace();
    made->platformTitle = "AWS Lambda x86_64";
    made->platformRegion = "us-east-1";
    made->platformAsOf = "2026-09";
    made->triggersRunning = true;
    made->functions = {pool(14, 5, 50), pool(3, 1, 10),   pool(2, 0, 10),
                       pool(10, 0, 10), pool(0, 0, 1000), pool(0, 0, 1000)};
    made->functions[3].recentThrottles = 204;
    made->functions[3].state = "throttled";
    made->triggers.resize(5);
    for (session::TriggerView& view : made->triggers)
        view.running = true;
    made->triggers[0].perSecond = 93;
    made->triggers[0].alreadyThere = 214;
    made->triggers[1].perSecond = 4;
    made->triggers[2].perSecond = 12;
    made->triggers[3].waiting = 1204;
    for (int day = 0; day < 5; ++day)
        made->triggers[4].nextFires.push_back(kNow + 3h + day * 24h);
    made->stores = {{214, ""}, {428, ""}, {96, ""}, {17, ""}};
    made->buckets = buckets();
    made->firstBucketAt = kNow - 120s;
    made->lanes = lanes();
    made->attempts = attempts();
    made->totals.events = 2'104'391;
    made->p95Ms = 118;
    made->desk.processes = 53;
    made->desk.slots = 64;
    made->desk.memoryKb = 1'992'000;
    made->desk.cpuShare = 0.61;
    return made;
}

session::Answer coldAnswer()
{
    session::Answer answer;
    answer.requestId = "00b2eee0-b834-4f11-9a5e-5c1f0d3f8a77";
    answer.payload = R"({"statusCode":200,"thumbnails":[)"
                     R"({"w":128,"h":96,"key":"previews/128/cat.webp"},)"
                     R"({"w":512,"h":384,"key":"previews/512/cat.webp"}]})";
    answer.log = "START RequestId: 00b2eee0-b834 Version: $LATEST\n"
                 "resized cat.jpg to 128 and 512\n"
                 "END RequestId: 00b2eee0-b834\n"
                 "REPORT RequestId: 00b2eee0-b834\tDuration: 412.80 ms\tBilled Duration: 485 ms\t"
                 "Memory Size: 512 MB\tMax Memory Used: 187 MB\tInit Duration: 71.40 ms\n";
    answer.instance = 7;
    answer.cold = true;
    answer.reasonText = "Cold: all 3 instances were busy, a 4th was started: 0.7 ms spawn + 71 ms "
                        "init measured, 140 ms sandbox modelled.";
    answer.spawn = 700us;
    answer.init = 71'400us;
    answer.sandbox = 140ms;
    answer.desk = 171'300us;
    answer.platform = 412'800us;
    answer.billed = 485ms;
    answer.memoryMb = 512;
    answer.peakMemoryKb = 187 * 1024;
    answer.cost = Money::fromPicodollars(4'230'000);
    return answer;
}

} // namespace coldframe::ui::sample

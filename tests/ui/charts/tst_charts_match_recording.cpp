#include <QDir>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <atomic>
#include <cmath>

#include "drawn_column.h"
#include "history/recording_reader.h"
#include "history/replay.h"
#include "process/host.h"
#include "recomputed_run.h"
#include "session/session.h"
#include "ui/charts/live_column.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;
using charts_test::Drawn;
using charts_test::drawnAt;
using charts_test::DrawnLine;
using charts_test::RecomputedRun;
using charts_test::Spent;

namespace {

constexpr char kCode[] = R"(import os, time
def handler(event, context):
    time.sleep(event["ms"] / 1000)
    how = event.get("how")
    if how == "raise": raise ValueError("as asked")
    if how == "exit": os._exit(1)
    return event
)";

constexpr char kWorkspace[] = R"({"format": 1, "name": "charts", "timeScale": 100,
  "functions": {
    "quick":   {"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
                "handler": "app.handler", "memoryMb": 256, "timeoutMs": 3000,
                "async": {"retries": 1}},
    "limited": {"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
                "handler": "app.handler", "timeoutMs": 3000, "reservedConcurrency": 2},
    "kept":    {"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
                "handler": "app.handler", "timeoutMs": 3000, "provisionedConcurrency": 1}}})";

/// A real run of some seconds: cold and warm starts, more instances than the desk has room for,
/// throttles, errors, retries, a timeout, a crash, changed code. The column shows it meanwhile.
class LiveRun {
public:
    explicit LiveRun(LiveColumn& column) : m_column(column)
    {
        process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
        qputenv("XDG_CONFIG_HOME", m_folder.filePath(QStringLiteral("config")).toUtf8());
        QDir(m_folder.path()).mkdir(QStringLiteral("code"));
        write("code/app.py", kCode);
        write("coldframe.json", kWorkspace);
        session::Options options;
        options.workspace = m_folder.path().toStdString();
        options.resources = COLDFRAME_SOURCE_DIR "/resources";
        options.deskSlots = 5;
        auto opened = session::Session::open(std::move(options));
        if (!opened)
            qFatal("%s", describe(opened.error()).c_str());
        m_session = std::move(*opened);
    }

    session::Session& session() { return *m_session; }
    void write(const char* name, const char* text) const
    {
        QSaveFile file(m_folder.filePath(QLatin1String(name)));
        if (!file.open(QFile::WriteOnly) || file.write(text) < 0 || !file.commit())
            qFatal("cannot write %s", name);
    }
    void send(const char* function, const char* event, std::uint64_t count = 1,
              engine::Delivery delivery = engine::Delivery::Sync)
    {
        m_sent += count;
        m_session->sendMany({.function = function, .event = event, .delivery = delivery}, count,
                            [this](const session::Answer&) { ++m_answered; });
    }
    bool allAnswered() const { return m_answered == m_sent; }
    void showIt() { m_column.show(m_session->snapshot()); }
    void close() { m_session.reset(); }

private:
    LiveColumn& m_column;
    QTemporaryDir m_folder;
    std::unique_ptr<session::Session> m_session;
    std::uint64_t m_sent = 0;
    std::atomic<std::uint64_t> m_answered = 0;
};

} // namespace

/// The series that the charts draw, point by point, against the recording of the run they showed.
class TestChartsMatchRecording : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theRunHadAllOfIt();
    void theRecordingReplays();
    void concurrency_data() { moments(); }
    void concurrency();
    void rate_data() { moments(); }
    void rate();
    void latency_data() { moments(); }
    void latency();
    void cost_data() { moments(); }
    void cost();

private:
    void moments();
    void compare(const char* what, std::size_t slice, double drawn, double low, double high);
    void verdict();

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<LiveRun> m_run;
    Drawn m_drawn[2];
    RecomputedRun m_recomputed[2];
    QStringList m_differences;
};

void TestChartsMatchRecording::initTestCase()
{
    constexpr int kPatience = 60'000;
    m_themes = std::make_unique<ThemeManager>();
    LiveColumn column;
    column.resize(380, 900);
    column.show();
    m_run = std::make_unique<LiveRun>(column);
    LiveRun& run = *m_run;
    QTimer refresh;
    connect(&refresh, &QTimer::timeout, &column, [&] { run.showIt(); });
    refresh.start(150);

    run.send("quick", R"({"ms": 20})");
    QTRY_VERIFY_WITH_TIMEOUT(run.allAnswered(), kPatience);
    constexpr std::size_t kKept = 2;
    QTRY_COMPARE_WITH_TIMEOUT(run.session().snapshot()->functions[kKept].pool.idle, 1U, kPatience);
    run.send("quick", R"({"ms": 60})", 8);
    run.send("limited", R"({"ms": 300})", 7);
    run.send("kept", R"({"ms": 30})", 3);
    QTRY_VERIFY_WITH_TIMEOUT(run.allAnswered(), kPatience);
    run.send("quick", R"({"ms": 10, "how": "raise"})", 2);
    run.send("quick", R"({"ms": 10, "how": "exit"})");
    run.send("quick", R"({"ms": 9000})");
    run.send("quick", R"({"ms": 5, "how": "raise"})", 4, engine::Delivery::Async);
    QTRY_VERIFY_WITH_TIMEOUT(run.allAnswered(), kPatience);
    run.write("code/app.py", (std::string(kCode) + "# saved again\n").c_str());
    QVERIFY(run.session().sendAtRate(
        {.function = "quick", .event = R"({"ms": 15})"},
        {.shape = session::SendPlan::Shape::Poisson, .perSecond = 30, .count = 60}));
    QTRY_VERIFY_WITH_TIMEOUT(run.session().snapshot()->totals.events >= 27 + 30, kPatience);
    m_drawn[0] = drawnAt(column, run.session().snapshot());
    QTRY_VERIFY_WITH_TIMEOUT(run.session().snapshot()->totals.events >= 27 + 60, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(run.session().idle(), kPatience);
    const std::uint64_t number = run.session().snapshotNumber();
    QTRY_VERIFY_WITH_TIMEOUT(run.session().snapshotNumber() >= number + 2, kPatience);
    m_drawn[1] = drawnAt(column, run.session().snapshot());
    refresh.stop();
    run.close();
    for (int i : {0, 1}) {
        const session::Snapshot& moment = *m_drawn[i].moment;
        m_recomputed[i]
            = charts_test::recompute(moment.recordingFolder, moment.startedAt, moment.now);
        QCOMPARE(m_recomputed[i].problem, std::string());
        QCOMPARE(m_recomputed[i].slices.size(), m_drawn[i].last() + 1);
    }
}

/// Else the comparisons below would compare nothing with nothing.
void TestChartsMatchRecording::theRunHadAllOfIt()
{
    const RecomputedRun& all = m_recomputed[1];
    const charts_test::Seen& seen = all.seen;
    QVERIFY2(seen.cold >= 5, QByteArray::number(seen.cold));
    QVERIFY2(seen.deskWaited >= 1, QByteArray::number(seen.deskWaited));
    QCOMPARE(seen.timedOut, 1U);
    QCOMPARE(seen.retried, 4U);
    QCOMPARE(seen.failed, 2U + 1U + 1U + 2 * 4U);
    QVERIFY2(seen.provisioned >= 1, QByteArray::number(seen.provisioned));
    QVERIFY2(seen.codeChanges >= 1, QByteArray::number(seen.codeChanges));
    std::uint32_t throttled = 0, ended = 0;
    for (const charts_test::Slice& slice : all.slices) {
        throttled += slice.throttled;
        ended += slice.ended;
    }
    QCOMPARE(throttled, 5U);
    QCOMPARE(ended, 27U + 60U - 5U + 4U);
    const session::Totals& totals = m_drawn[1].moment->totals;
    QCOMPARE(totals.throttled, 5U);
    QCOMPARE(totals.cost.picodollars(), all.spent.back().total());
}

void TestChartsMatchRecording::theRecordingReplays()
{
    const auto reader = history::RecordingReader::open(m_drawn[1].moment->recordingFolder);
    QVERIFY(reader);
    const auto report = history::replay(*reader);
    QVERIFY(report && report->complete && report->equal());
}

void TestChartsMatchRecording::moments()
{
    QTest::addColumn<int>("moment");
    QTest::newRow("while events came") << 0;
    QTest::newRow("when all had ended") << 1;
}

void TestChartsMatchRecording::compare(const char* what, std::size_t slice, double drawn,
                                       double low, double high)
{
    if (!(drawn >= low && drawn <= high)) // a NaN is a difference
        m_differences.append(QStringLiteral("%1 of slice %2: drawn %3, recorded %4")
                                 .arg(QLatin1String(what))
                                 .arg(slice)
                                 .arg(drawn, 0, 'g', 12)
                                 .arg(low == high ? QString::number(low, 'g', 12)
                                                  : QStringLiteral("%1 to %2").arg(low).arg(high)));
}

void TestChartsMatchRecording::verdict()
{
    const QByteArray text = m_differences.join(QLatin1Char('\n')).toUtf8();
    m_differences.clear();
    QVERIFY2(text.isEmpty(), text);
}

/// No tolerance: pools are counted at the recorded times, and the charts' slices are those too.
void TestChartsMatchRecording::concurrency()
{
    QFETCH(int, moment);
    const Drawn& drawn = m_drawn[moment];
    QCOMPARE(drawn.pool.size(), 3U);
    for (const DrawnLine& area : drawn.pool)
        QCOMPARE(area.size(), drawn.last() - drawn.first() + 1);
    for (std::size_t i = drawn.first(); i <= drawn.last(); ++i) {
        const charts_test::Slice& slice = m_recomputed[moment].slices[i];
        compare("busy", i, drawn.pool[0].at(i), slice.busy, slice.busy);
        compare("idle", i, drawn.pool[1].at(i), slice.idle, slice.idle);
        compare("initialising", i, drawn.pool[2].at(i), slice.initialising, slice.initialising);
        // The limit is that of the last picture of a slice: one of those in force, whichever.
        const auto limit = drawn.limit.find(i);
        if (limit != drawn.limit.end()
            && !slice.limits.contains(static_cast<std::uint32_t>(limit->second)))
            compare("limit", i, limit->second, *slice.limits.begin(), *slice.limits.rbegin());
    }
    QVERIFY2(!drawn.limit.empty(), "there was a limit in force");
    verdict();
}

/// No tolerance but that of a division by half a second and back.
void TestChartsMatchRecording::rate()
{
    QFETCH(int, moment);
    const Drawn& drawn = m_drawn[moment];
    const double seconds = toSeconds(session::kBucketLength);
    const auto& slices = m_recomputed[moment].slices;
    const auto same = [&](const char* what, std::size_t i, const DrawnLine& line, double count) {
        const auto point = line.find(i);
        const double value = point == line.end() ? std::nan("") : point->second * seconds;
        compare(what, i, value, count - 1e-6, count + 1e-6);
    };
    for (std::size_t i = drawn.first(); i < drawn.last(); ++i) { // the last one still fills
        same("arrived", i, drawn.rate[0], slices[i].arrived);
        same("ended", i, drawn.rate[1], slices[i].ended);
        if (drawn.rate[2].contains(i) || slices[i].throttled > 0) // no line where there is nothing
            same("throttled", i, drawn.rate[2], slices[i].throttled);
    }
    for (const DrawnLine& line : drawn.rate)
        QVERIFY2(!line.contains(drawn.last()), "a rate that still fills would jump");
    verdict();
}

/// Within 1/64: the session counts in 32 bins an octave and says the middle of the bin, so that
/// much of the lower end of an octave's first bin is the most it can be off. The rank is exact.
void TestChartsMatchRecording::latency()
{
    QFETCH(int, moment);
    constexpr double kBin = 1.0 / 64 + 1e-6; // and the rounding of a float
    const Drawn& drawn = m_drawn[moment];
    const RecomputedRun& run = m_recomputed[moment];
    constexpr std::pair<const char*, double> kLines[]
        = {{"p50", 0.50}, {"p95", 0.95}, {"p99", 0.99}};
    std::size_t compared = 0;
    for (std::size_t i = drawn.first(); i <= drawn.last(); ++i)
        for (std::size_t line = 0; line < 3; ++line) {
            const auto& [name, p] = kLines[line];
            const auto point = drawn.latency[line].find(i);
            const bool isDrawn = point != drawn.latency[line].end();
            if (run.slices[i].latenciesMs.empty()) {
                QVERIFY2(!isDrawn, "a gap where nothing ended");
                continue;
            }
            const double exact = run.percentileMs(i, p);
            compare(name, i, isDrawn ? point->second : std::nan(""), exact * (1 - kBin),
                    exact * (1 + kBin));
            ++compared;
        }
    QVERIFY2(compared >= 9, QByteArray::number(qulonglong(compared)));
    verdict();
}

/// To the picodollar, but for the time of an attempt's end: it is priced while the engine's actions
/// are carried out, a moment after the step that the recording has it at. When a slice ends in
/// that moment, the next one has it.
void TestChartsMatchRecording::cost()
{
    QFETCH(int, moment);
    constexpr Duration kMoment = 250ms;
    constexpr double kDollar = 1e12, kRounding = 1e-3; // picodollars; sums of doubles
    const Drawn& drawn = m_drawn[moment];
    const RecomputedRun& run = m_recomputed[moment];
    QCOMPARE(drawn.cost.size(), 3U);
    constexpr std::pair<const char*, std::int64_t Spent::*> kAreas[]
        = {{"requests", &Spent::requests},
           {"compute", &Spent::compute},
           {"provisioned", &Spent::provisioned}};
    for (std::size_t area = 0; area < 3; ++area) {
        const auto& [name, part] = kAreas[area];
        QCOMPARE(drawn.cost[area].size(), drawn.last() - drawn.first() + 1);
        for (std::size_t i = drawn.first(); i <= drawn.last(); ++i) {
            const TimePoint end = drawn.moment->startedAt
                + session::kBucketLength * static_cast<std::int64_t>(i + 1);
            compare(name, i, drawn.cost[area].at(i) * kDollar,
                    static_cast<double>(run.spentBefore(end - kMoment).*part) - kRounding,
                    static_cast<double>(run.spentBefore(end).*part) + kRounding);
        }
        compare(name, drawn.last(), drawn.cost[area].at(drawn.last()) * kDollar,
                static_cast<double>(run.spent.back().*part) - kRounding,
                static_cast<double>(run.spent.back().*part) + kRounding);
        QVERIFY2(run.spent.back().*part > 0, name);
    }
    verdict();
}

QTEST_MAIN(TestChartsMatchRecording)
#include "tst_charts_match_recording.moc"

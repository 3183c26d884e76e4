#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "made_up_scenario.h"
#include "ui/simulate/scenario_check.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace coldframe::ui::sample;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr qint64 kNoticeableMs = 200; ///< past this a person feels it

/// What a job said, in order.
struct Heard {
    QStringList words;
    ResultPtr result;
    std::vector<Error> errors;
    double progress = 0;

    explicit Heard(SimulationJob& job)
    {
        QObject::connect(&job, &SimulationJob::succeeded, &job, [this](const ResultPtr& result_) {
            words << QStringLiteral("succeeded");
            result = result_;
        });
        QObject::connect(&job, &SimulationJob::failed, &job,
                         [this](const std::vector<Error>& errors_) {
                             words << QStringLiteral("failed");
                             errors = errors_;
                         });
        QObject::connect(&job, &SimulationJob::cancelled, &job,
                         [this] { words << QStringLiteral("cancelled"); });
        QObject::connect(&job, &SimulationJob::progressed, &job,
                         [this](double share) { progress = share; });
    }
};

} // namespace

/// Work beside the window: what comes of it, and that the window never waits.
class TestSimulationJob : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesWhatTheSameScenarioGivesAtOnce();
    void progressMovesWithinARun();
    void cancelledItTellsSoOnce();
    void aNewerRunReplacesTheOlder();
    void saysWhatIsWrong();
    void refusesSweepsWithoutEnd();
    void theCheckFindsErrorsAndPlans();
    void endsWithItsOwner();
    void theWindowIsNeverHeldUp();
};

void TestSimulationJob::givesWhatTheSameScenarioGivesAtOnce()
{
    SimulationJob job;
    Heard heard(job);
    job.start(fileOf(smallScenario()), {sweepOf("functions.mails.reservedConcurrency=1,3")});
    QVERIFY(job.isRunning());
    QTRY_COMPARE_WITH_TIMEOUT(heard.words, QStringList{QStringLiteral("succeeded")}, kPatienceMs);
    QVERIFY(!job.isRunning());
    const ResultPtr expected
        = resultOf(smallScenario(), {sweepOf("functions.mails.reservedConcurrency=1,3")});
    QCOMPARE(heard.result->points.size(), std::size_t{2});
    for (std::size_t i = 0; i < 2; ++i)
        QCOMPARE(heard.result->points[i].total.figure("rejected")->mean,
                 expected->points[i].total.figure("rejected")->mean);
}

/// It stood at nothing until the first run had ended.
void TestSimulationJob::progressMovesWithinARun()
{
    SimulationJob job;
    QList<double> shares;
    connect(&job, &SimulationJob::progressed, this, [&](double share) { shares << share; });
    Heard heard(job);
    job.start(fileOf(oneLongRun()), {});
    // Two functions, so two runs: less than half is within the first, or both.
    QTRY_VERIFY_WITH_TIMEOUT(shares.size() > 3, kPatienceMs);
    job.cancel();
    QTRY_COMPARE_WITH_TIMEOUT(heard.words, QStringList{QStringLiteral("cancelled")}, kPatienceMs);
    QVERIFY(std::ranges::is_sorted(shares));
    QVERIFY2(shares[2] > 0 && shares[2] < 0.5, qPrintable(QString::number(shares[2])));
}

void TestSimulationJob::cancelledItTellsSoOnce()
{
    SimulationJob job;
    Heard heard(job);
    job.start(fileOf(longScenario()), {});
    QTRY_VERIFY_WITH_TIMEOUT(heard.progress > 0, kPatienceMs);
    QElapsedTimer took;
    took.start();
    job.cancel();
    QTRY_COMPARE_WITH_TIMEOUT(heard.words, QStringList{QStringLiteral("cancelled")}, kPatienceMs);
    QVERIFY2(took.elapsed() < 5'000, "it went on after it was cancelled");
    QVERIFY(!job.isRunning());
    job.cancel(); // nothing is left to be cancelled
    QCoreApplication::processEvents();
    QCOMPARE(heard.words.size(), 1);
}

void TestSimulationJob::aNewerRunReplacesTheOlder()
{
    SimulationJob job;
    Heard heard(job);
    const QSignalSpy running(&job, &SimulationJob::runningChanged);
    job.start(fileOf(longScenario()), {});
    QTRY_VERIFY_WITH_TIMEOUT(heard.progress > 0, kPatienceMs);
    job.start(fileOf("{"), {}); // replaced before it begins
    job.start(fileOf(smallScenario()), {});
    QTRY_COMPARE_WITH_TIMEOUT(heard.words, QStringList{QStringLiteral("succeeded")}, kPatienceMs);
    QCOMPARE(heard.result->durationS, 1800.0);
    QCOMPARE(running.size(), 2); // on, and off again
}

void TestSimulationJob::saysWhatIsWrong()
{
    SimulationJob job;
    Heard heard(job);
    job.start(fileOf("{ \"format\": 1,\n  \"durationS\": -5, \"functions\": {} }"), {});
    QTRY_COMPARE_WITH_TIMEOUT(heard.words, QStringList{QStringLiteral("failed")}, kPatienceMs);
    QVERIFY(!heard.errors.empty());
    QCOMPARE(heard.errors.front().line, 2);
    QCOMPARE(heard.errors.front().column, 16);
}

void TestSimulationJob::refusesSweepsWithoutEnd()
{
    SimulationJob job;
    Heard heard(job);
    job.start(fileOf(smallScenario()),
              {sweepOf("pool.keepAliveS=1..1000/200"), sweepOf("seed=1..500/500")});
    QTRY_COMPARE_WITH_TIMEOUT(heard.words, QStringList{QStringLiteral("failed")}, kPatienceMs);
    QVERIFY(
        QString::fromStdString(heard.errors.front().message).contains(QLocale().toString(100'000)));
}

void TestSimulationJob::theCheckFindsErrorsAndPlans()
{
    ScenarioCheck check;
    std::optional<Checked> found;
    connect(&check, &ScenarioCheck::checked, this, [&](const Checked& now) { found = now; });
    check.start(fileOf(smallScenario()), {sweepOf("functions.mails.memoryMb=128,256")});
    QTRY_VERIFY_WITH_TIMEOUT(found, kPatienceMs);
    QVERIFY(found->errors.empty() && found->sweepErrors.empty());
    QCOMPARE(found->plan->points, std::uint64_t{2});
    QCOMPARE(found->plan->invocations, 2 * 4 * 1800 * 2.5);
    found.reset();
    check.start(fileOf(smallScenario()), {sweepOf("functions.mail.memoryMb=128,256")});
    QTRY_VERIFY_WITH_TIMEOUT(found, kPatienceMs);
    QVERIFY(found->errors.empty());
    QVERIFY(QString::fromStdString(found->sweepErrors.front().hint).contains(u"mails"));
}

void TestSimulationJob::endsWithItsOwner()
{
    QElapsedTimer took;
    {
        SimulationJob job;
        job.start(fileOf(longScenario()), {});
        Heard heard(job);
        QTRY_VERIFY_WITH_TIMEOUT(heard.progress > 0, kPatienceMs);
        took.start();
    }
    QVERIFY2(took.elapsed() < 5'000, "it waited for the whole simulation");
}

/// Turns of the event loop while some seconds are simulated: a timer of 5 ms must come in time.
void TestSimulationJob::theWindowIsNeverHeldUp()
{
    SimulationJob job;
    Heard heard(job);
    QElapsedTimer turn, whole;
    qint64 longest = 0;
    int turns = 0;
    QTimer ticks;
    ticks.setTimerType(Qt::PreciseTimer);
    connect(&ticks, &QTimer::timeout, this, [&] {
        longest = std::max(longest, turn.restart());
        ++turns;
    });
    job.start(fileOf(longScenario()), {});
    turn.start();
    whole.start();
    ticks.start(5);
    QTRY_VERIFY_WITH_TIMEOUT(whole.elapsed() > 2'000 || !heard.words.isEmpty(), kPatienceMs);
    ticks.stop();
    QVERIFY2(heard.words.isEmpty(), "the scenario is too small to tell");
    job.cancel();
    QTRY_COMPARE_WITH_TIMEOUT(heard.words.size(), 1, kPatienceMs);
    qInfo("longest turn of the event loop: %lld ms of %d turns", static_cast<long long>(longest),
          turns);
    QVERIFY2(longest < kNoticeableMs, qPrintable(QString::number(longest)));
}

QTEST_GUILESS_MAIN(TestSimulationJob)
#include "tst_simulation_job.moc"

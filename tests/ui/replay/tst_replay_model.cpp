#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "made_up_recording.h"
#include "ui/replay/recording_list.h"
#include "ui/replay/replay_lines.h"
#include "ui/replay/replay_model.h"
#include "ui/replay/replay_text.h"
#include "ui/simulate/figures_model.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr qint64 kNoticeableMs = 200; ///< past this a person feels it
const QString kResources = QStringLiteral(COLDFRAME_SOURCE_DIR "/resources");

/// What a job said, in order.
struct Heard {
    QStringList words;
    StudyPtr study;
    PlayedPtr run;
    QString error;
    double progress = -1;

    explicit Heard(ReplayJob& job)
    {
        QObject::connect(&job, &ReplayJob::opened, &job, [this](const StudyPtr& opened) {
            words << QStringLiteral("opened");
            study = opened;
        });
        QObject::connect(&job, &ReplayJob::played, &job, [this](const PlayedPtr& played) {
            words << QStringLiteral("played");
            run = played;
        });
        QObject::connect(&job, &ReplayJob::failed, &job, [this](const Error& wrong) {
            words << QStringLiteral("failed");
            error = QString::fromStdString(describe(wrong));
        });
        QObject::connect(&job, &ReplayJob::cancelled, &job,
                         [this] { words << QStringLiteral("cancelled"); });
        QObject::connect(&job, &ReplayJob::progressed, &job,
                         [this](double share) { progress = share; });
    }
};

using LinesOf = std::vector<StudyLine> (*)(const study::Comparison&, bool);

std::shared_ptr<const study::Comparison> comparisonOf(const PlayedPtr& run)
{
    return {run, &run->comparison};
}

} // namespace

/// Recordings read and played again beside the window, and what their models and lines show.
class TestReplayModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aJobGivesWhatTheStudyGivesAtOnce();
    void unchangedNothingDiffers();
    void theTableHasBothRuns();
    void theLinesAreThoseOfBothRuns();
    void whatIsWrongIsSaid_data();
    void whatIsWrongIsSaid();
    void cancelledItTellsSoOnce();
    void theWindowIsNeverHeldUp();
    void theSeriesHasALineForEachStep();
    void textsAreForPeople_data();
    void textsAreForPeople();
    void recordingsAreListedNewestFirst();

private:
    PlayedPtr played(std::vector<std::string> settings);

    QTemporaryDir m_folder;
    StudyPtr m_study;
};

void TestReplayModel::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    sample::makeRecording(m_folder.filePath(QStringLiteral("r")));
    auto opened = study::ReplayStudy::open(m_folder.filePath(QStringLiteral("r")).toStdString());
    QVERIFY2(opened, opened ? "" : describe(opened.error()).c_str());
    m_study = std::make_shared<const study::ReplayStudy>(std::move(*opened));
    QVERIFY(m_study->report().equal());
}

PlayedPtr TestReplayModel::played(std::vector<std::string> settings)
{
    const auto changes = study::readChanges(settings, m_study->functions());
    auto run = changes ? m_study->play(*changes) : tl::unexpected(changes.error());
    return run ? std::make_shared<const study::PlayedRun>(std::move(*run)) : nullptr;
}

void TestReplayModel::aJobGivesWhatTheStudyGivesAtOnce()
{
    ReplayJob job;
    Heard heard(job);
    job.open(m_folder.path()); // its newest
    QTRY_COMPARE_WITH_TIMEOUT(heard.words, QStringList{QStringLiteral("opened")}, kPatienceMs);
    QCOMPARE(heard.study->functions(), m_study->functions());
    job.play(heard.study, {"functions.mails.reservedConcurrency=3"}, kResources);
    QVERIFY(job.isRunning());
    QTRY_COMPARE_WITH_TIMEOUT(heard.words.size(), 2, kPatienceMs);
    QVERIFY(!job.isRunning());
    QCOMPARE(heard.words.back(), QStringLiteral("played"));
    const PlayedPtr expected = played({"functions.mails.reservedConcurrency=3"});
    QVERIFY(heard.run->digest == expected->digest);
    job.play(heard.study, {"platform=aws-lambda-arm64"}, kResources);
    QTRY_COMPARE_WITH_TIMEOUT(heard.words.size(), 3, kPatienceMs);
    QVERIFY(heard.run->comparison.recorded.costUsd.back()
            > heard.run->comparison.replayed.costUsd.back());
}

void TestReplayModel::unchangedNothingDiffers()
{
    const PlayedPtr run = played({});
    QVERIFY(run && run->digest == m_study->report().digest);
    ReplayModel model;
    model.setComparison(comparisonOf(run), true);
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row, ReplayModel::Difference);
        QCOMPARE(index.data().toString(), QStringLiteral("same"));
        QVERIFY(index.data(FiguresModel::AlikeRole).toBool());
    }
    QVERIFY(run->comparison.recorded.costUsd == run->comparison.replayed.costUsd);
    QVERIFY(run->comparison.recorded.p95Ms == run->comparison.replayed.p95Ms);
}

void TestReplayModel::theTableHasBothRuns()
{
    ReplayModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    QCOMPARE(model.rowCount(), 0);
    model.setComparison(std::make_shared<const study::Comparison>(m_study->figures()), false);
    const auto at = [&](const char* title, int column) {
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.index(row, 0).data().toString() == QString::fromUtf8(title))
                return model.index(row, column);
        return QModelIndex();
    };
    QCOMPARE(at("Throttled", ReplayModel::Recorded).data().toString(), QStringLiteral("40"));
    QCOMPARE(at("Throttled", ReplayModel::Replayed).data().toString(), QStringLiteral("–"));
    QVERIFY(at("Throttled", ReplayModel::Difference).data().toString().isEmpty());
    model.setComparison(comparisonOf(played({"functions.mails.reservedConcurrency=5"})), true);
    QCOMPARE(at("Throttled", ReplayModel::Replayed).data().toString(), QStringLiteral("0"));
    QCOMPARE(at("Throttled", ReplayModel::Difference).data().toString(), QStringLiteral("−40"));
    QCOMPARE(at("Throttled", ReplayModel::Percent).data().toString(), QStringLiteral("−100 %"));
    QCOMPARE(at("Throttled", ReplayModel::Percent).data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("%: −100 %"));
    QVERIFY(!at("Throttled", ReplayModel::Percent).data(FiguresModel::AlikeRole).toBool());
    QVERIFY(at("Cost", 0).data(Qt::ToolTipRole).toString().startsWith(u"Modelled"));
    model.setFunction(0); // which throttles nothing
    QCOMPARE(at("Throttled", ReplayModel::Recorded).data().toString(), QStringLiteral("0"));
    QCOMPARE(at("Throttled", ReplayModel::Difference).data().toString(), QStringLiteral("same"));
    model.setFunction(1);
    QCOMPARE(at("Throttled", ReplayModel::Recorded).data().toString(), QStringLiteral("40"));
    model.setComparison(nullptr, false);
    QCOMPARE(model.rowCount(), 0);
}

void TestReplayModel::theLinesAreThoseOfBothRuns()
{
    const PlayedPtr run = played({"functions.mails.reservedConcurrency=5"});
    const study::Comparison& comparison = run->comparison;
    for (const LinesOf make : {&arrivalLines, &coldStartLines, &throttleLines, &costLines}) {
        const auto both = make(comparison, true), recorded = make(comparison, false);
        QCOMPARE(both.size(), 2 * recorded.size());
        for (std::size_t i = 0; i < recorded.size(); ++i) {
            QVERIFY(!both[2 * i].kept && both[2 * i + 1].kept && recorded[i].kept);
            QCOMPARE(both[2 * i + 1].points.size(), recorded[i].points.size());
            QVERIFY(both[2 * i + 1].name.endsWith(u"· recorded"));
        }
    }
    QCOMPARE(static_cast<LinesOf>(concurrencyLines)(comparison, true).size(), std::size_t{4});
    QCOMPARE(latencyLines(comparison, true).size(), std::size_t{4});
    // What is summed up begins with nothing and ends at the table's figure.
    const auto throttles = throttleLines(comparison, true);
    QCOMPARE(throttles[1].name, QStringLiteral("throttled · recorded"));
    QCOMPARE(throttles[1].points.front().y, 0.0);
    QCOMPARE(throttles[1].points.back().y, 40.0);
    QCOMPARE(throttles[0].points.back().y, 0.0);
    const auto& cost = comparison.total.figures.back();
    QCOMPARE(costLines(comparison, true)[0].points.back().y, *cost.replayed);
    QCOMPARE(costLines(comparison, true)[1].points.back().y, *cost.recorded);
    study::Comparison quiet = comparison;
    quiet.recorded.throttled.assign(quiet.recorded.throttled.size(), 0);
    QVERIFY(throttleLines(quiet, true).empty());
    // Fourteen orders a second, and one mail.
    QCOMPARE(arrivalLines(comparison, true)[1].points[3].y, 15.0);
}

void TestReplayModel::whatIsWrongIsSaid_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QStringList>("settings");
    QTest::addColumn<QString>("part");
    const QString good = QStringLiteral("r");
    QTest::newRow("no folder") << "nowhere" << QStringList() << "there is no such folder";
    QTest::newRow("no recording") << "empty" << QStringList() << "holds no recording";
    QTest::newRow("not readable") << "broken" << QStringList() << "header.json";
    QTest::newRow("no such platform")
        << good << QStringList{QStringLiteral("platform=aws")} << "aws";
    QTest::newRow("contradiction")
        << good
        << QStringList{QStringLiteral("functions.mails.reservedConcurrency=1"),
                       QStringLiteral("functions.mails.provisionedConcurrency=2")}
        << "provisionedConcurrency 2";
}

void TestReplayModel::whatIsWrongIsSaid()
{
    QFETCH(QString, folder);
    QFETCH(QStringList, settings);
    QFETCH(QString, part);
    QDir(m_folder.path()).mkpath(QStringLiteral("empty"));
    QDir(m_folder.path()).mkpath(QStringLiteral("broken"));
    QFile header(m_folder.filePath(QStringLiteral("broken/header.json")));
    QVERIFY(header.open(QFile::WriteOnly) && header.write("{") == 1);
    header.close();
    ReplayJob job;
    Heard heard(job);
    job.open(m_folder.filePath(folder));
    QTRY_COMPARE_WITH_TIMEOUT(heard.words.size(), 1, kPatienceMs);
    if (!settings.isEmpty()) {
        std::vector<std::string> all;
        for (const QString& setting : settings)
            all.push_back(setting.toStdString());
        job.play(heard.study, all, kResources);
        QTRY_COMPARE_WITH_TIMEOUT(heard.words.size(), 2, kPatienceMs);
    }
    QCOMPARE(heard.words.back(), QStringLiteral("failed"));
    QVERIFY2(heard.error.contains(part), qPrintable(heard.error));
    QFile::remove(header.fileName());
}

void TestReplayModel::cancelledItTellsSoOnce()
{
    ReplayJob job;
    Heard heard(job);
    job.play(m_study, {"arrivals.rateFactor=1000"}, kResources);
    QTRY_VERIFY_WITH_TIMEOUT(heard.progress > 0, kPatienceMs);
    QElapsedTimer took;
    took.start();
    job.cancel();
    QTRY_COMPARE_WITH_TIMEOUT(heard.words, QStringList{QStringLiteral("cancelled")}, kPatienceMs);
    QVERIFY2(took.elapsed() < 5'000, "it went on after it was cancelled");
    job.cancel(); // nothing is left to be cancelled
    QCoreApplication::processEvents();
    QCOMPARE(heard.words.size(), 1);
}

/// Turns of the event loop while a million arrivals are played: a timer of 5 ms must come in time.
void TestReplayModel::theWindowIsNeverHeldUp()
{
    ReplayJob job;
    Heard heard(job);
    QElapsedTimer turn;
    qint64 longest = 0;
    int turns = 0;
    QTimer ticks;
    ticks.setTimerType(Qt::PreciseTimer);
    connect(&ticks, &QTimer::timeout, this, [&] {
        longest = std::max(longest, turn.restart());
        ++turns;
    });
    job.play(m_study, {"arrivals.rateFactor=1000"}, kResources);
    turn.start();
    ticks.start(5);
    QTRY_COMPARE_WITH_TIMEOUT(heard.words, QStringList{QStringLiteral("played")}, kPatienceMs);
    ticks.stop();
    qInfo("longest turn of the event loop: %lld ms of %d turns", static_cast<long long>(longest),
          turns);
    QVERIFY2(longest < kNoticeableMs, qPrintable(QString::number(longest)));
}

void TestReplayModel::theSeriesHasALineForEachStep()
{
    const PlayedPtr run = played({"pool.keepAliveS=1"});
    const QStringList lines
        = QString::fromStdString(study::seriesToCsv(run->comparison)).trimmed().split(u'\n');
    QCOMPARE(static_cast<std::size_t>(lines.size()),
             1
                 + std::max(run->comparison.recorded.concurrency.size(),
                            run->comparison.replayed.concurrency.size()));
    QVERIFY(lines[0].startsWith(u"fromS,recorded.arrived,"));
    for (const QString& line : lines)
        QCOMPARE(line.count(u','), 16);
}

void TestReplayModel::textsAreForPeople_data()
{
    QTest::addColumn<QString>("unit");
    QTest::addColumn<double>("recorded");
    QTest::addColumn<double>("replayed");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("difference");
    QTest::addColumn<QString>("percent");
    QTest::newRow("counts") << "" << 1200.0 << 1260.0 << "1,260"
                            << "+60"
                            << "+5.0 %";
    QTest::newRow("fewer") << "" << 30.0 << 3.0 << "3"
                           << "−27"
                           << "−90 %";
    QTest::newRow("from nothing") << "" << 0.0 << 4.0 << "4"
                                  << "+4"
                                  << "from 0";
    QTest::newRow("many times") << "" << 10.0 << 1000.0 << "1,000"
                                << "+990"
                                << "×100";
    QTest::newRow("times") << "ms" << 420.0 << 412.5 << "412.5 ms"
                           << "−7.500 ms"
                           << "−1.8 %";
    QTest::newRow("long times") << "ms" << 1000.0 << 2500.0 << "2.500 s"
                                << "+1.500 s"
                                << "+150 %";
    QTest::newRow("money") << "USD" << 0.0418 << 0.0209 << "$0.0209"
                           << "−$0.0209"
                           << "−50 %";
    QTest::newRow("alike") << "" << 7.0 << 7.0 << "7"
                           << "same"
                           << "";
}

void TestReplayModel::textsAreForPeople()
{
    QFETCH(QString, unit);
    QFETCH(double, recorded);
    QFETCH(double, replayed);
    const std::string named = unit.toStdString();
    const study::FigurePair pair{.key = "k",
                                 .title = "K",
                                 .unit = named.c_str(),
                                 .recorded = recorded,
                                 .replayed = replayed};
    QTEST(pairValue(pair, pair.replayed), "shown");
    QTEST(pairDifference(pair), "difference");
    QTEST(pairPercent(pair), "percent");
}

void TestReplayModel::recordingsAreListedNewestFirst()
{
    QTemporaryDir folder;
    for (const char* name : {"20260101-1", "20260103-3", "20260102-2"})
        QDir(folder.path()).mkpath(QLatin1String(name));
    QStringList names;
    for (const RecordingEntry& entry : recordingsIn(folder.path()))
        names << QFileInfo(entry.path).fileName();
    QCOMPARE(names,
             QStringList({QStringLiteral("20260103-3"), QStringLiteral("20260102-2"),
                          QStringLiteral("20260101-1")}));
    QVERIFY(recordingsIn(QString()).isEmpty());
    QVERIFY(isRecording(m_folder.filePath(QStringLiteral("r"))) && !isRecording(folder.path()));
}

QTEST_MAIN(TestReplayModel)
#include "tst_replay_model.moc"

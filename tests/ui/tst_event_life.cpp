#include <QLocale>
#include <QTest>

#include "sample_snapshot.h"
#include "ui/result/event_life.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;

/// What is told of an event beyond one attempt at it.
class TestEventLife : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qputenv("TZ", "UTC");
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }
    void retriesAreAllTold();
    void anEventThatWasGivenUpSaysWhereItWent();
    void oneThatMayBeTriedAgainHasNotEnded();
    void aCallerWhoWaitedHasOneAttempt();
    void eachMessageOfABatch_data();
    void eachMessageOfABatch();
    void anAnswerThatCannotBeUsedFailsTheBatch();

private:
    static constexpr const char* kId = "7f5c0a52-6d0c-4f0e-8f0b-0d3f6a5a1b2c";
    static constexpr TimePoint kAccepted{std::chrono::sys_days(std::chrono::year(2026) / 11 / 27)
                                         + 14h};

    static history::AttemptRow attempt(std::uint16_t number, history::Ending ending)
    {
        history::AttemptRow row;
        row.requestId = history::parseRequestId(kId);
        row.acceptedAt = kAccepted;
        row.startedAt = kAccepted + number * 60s;
        row.desk = 400ms;
        row.attempt = number;
        row.attemptsAllowed = 3;
        row.retryAfterS = number == 1 ? 0 : number == 2 ? 60 : 120;
        row.ending = ending;
        row.start = history::StartKind::Warm;
        row.flags = history::kAsync;
        return row;
    }
    static session::Snapshot snapshot(const std::vector<history::AttemptRow>& rows)
    {
        session::Snapshot made = *sample::busySnapshot();
        auto workspace = std::make_shared<Workspace>(*made.workspace);
        workspace->functions.front().onFailure = StoreDestination{.store = "failed"};
        workspace->stores.push_back({"parts", QueueStore{.maxReceives = 3, .deadLetters = "dead"}});
        Trigger read;
        read.name = "read";
        read.kind = QueueTrigger{.store = "parts", .reportBatchItemFailures = true};
        workspace->triggers.push_back(read);
        made.workspace = workspace;
        static std::vector<std::unique_ptr<history::AttemptLog>> logs;
        logs.push_back(std::make_unique<history::AttemptLog>());
        for (const history::AttemptRow& row : rows)
            logs.back()->append(row);
        made.attempts = logs.back()->view();
        return made;
    }
    static session::Answer answer()
    {
        session::Answer made;
        made.requestId = kId;
        return made;
    }
    static QStringList told(const QList<LifeStage>& stages)
    {
        QStringList lines;
        for (const LifeStage& stage : stages)
            for (const LifeRow& row : stage.rows)
                lines << stage.name + QStringLiteral(" | ") + row.name + QStringLiteral(" | ")
                        + row.value;
        return lines;
    }
    static const char* batch()
    {
        return R"({"Records":[
            {"messageId":"a1","attributes":{"ApproximateReceiveCount":"1"}},
            {"messageId":"b2","attributes":{"ApproximateReceiveCount":"3"}}]})";
    }
};

void TestEventLife::retriesAreAllTold()
{
    history::AttemptRow other = attempt(1, history::Ending::Succeeded);
    other.requestId = {1};
    const auto made
        = snapshot({attempt(1, history::Ending::FunctionError), other,
                    attempt(2, history::Ending::TimedOut), attempt(3, history::Ending::Succeeded)});
    const QList<LifeStage> stages = eventStages(made, answer(), "thumbnails", "{}");
    QCOMPARE(told(stages),
             (QStringList{
                 QStringLiteral("Attempts | Attempt 1 | error after 400.0 ms, ended 14:01:00"),
                 QStringLiteral("Attempts | Delay | 1 min 0 s"),
                 QStringLiteral("Attempts | Attempt 2 | timeout after 400.0 ms, ended 14:02:00"),
                 QStringLiteral("Attempts | Delay | 2 min 0 s"),
                 QStringLiteral("Attempts | Attempt 3 | ok after 400.0 ms, ended 14:03:00"),
                 QStringLiteral("End | Event | done"),
                 QStringLiteral("End | Destination | none: the function has no onSuccess")}));
    QVERIFY2(stages[0].note.contains(QStringLiteral("due 60 s after attempt 1 failed")),
             qPrintable(stages[0].note));
    QCOMPARE(stages[0].rows[1].origin, QStringLiteral("modelled"));
}

void TestEventLife::anEventThatWasGivenUpSaysWhereItWent()
{
    const auto made = snapshot({attempt(1, history::Ending::FunctionError),
                                attempt(2, history::Ending::FunctionError),
                                attempt(3, history::Ending::Crashed)});
    QStringList lines = told(eventStages(made, answer(), "thumbnails", "{}"));
    QCOMPARE(lines.mid(lines.size() - 2),
             (QStringList{QStringLiteral("End | Event | given up after 3 attempts"),
                          QStringLiteral("End | Destination | the store “failed”, by onFailure")}));
    history::AttemptRow old = attempt(2, history::Ending::Rejected);
    old.why = engine::Why::EventTooOld;
    old.reasonA = 70;
    old.reasonB = 60;
    lines = told(eventStages(snapshot({attempt(1, history::Ending::FunctionError), old}), answer(),
                             "csv-etl", "{}"));
    QVERIFY2(lines[lines.size() - 2].startsWith(QStringLiteral("End | Event | given up: ")),
             qPrintable(lines.join(QLatin1Char('\n'))));
    QVERIFY(lines[lines.size() - 2].contains(QStringLiteral("70")));
    QVERIFY(lines.last().endsWith(QStringLiteral("has no onFailure")));
}

void TestEventLife::oneThatMayBeTriedAgainHasNotEnded()
{
    const auto made = snapshot({attempt(1, history::Ending::FunctionError)});
    const QStringList lines = told(eventStages(made, answer(), "thumbnails", "{}"));
    QVERIFY2(lines.last().startsWith(QStringLiteral("End | Event | not ended")),
             qPrintable(lines.last()));
}

void TestEventLife::aCallerWhoWaitedHasOneAttempt()
{
    history::AttemptRow row = attempt(1, history::Ending::FunctionError);
    row.flags = 0;
    QVERIFY(eventStages(snapshot({row}), answer(), "thumbnails", "{}").isEmpty());
    session::Answer refused = answer();
    refused.refused = Error{};
    QVERIFY(eventStages(snapshot({}), refused, "thumbnails", "{}").isEmpty());
}

void TestEventLife::eachMessageOfABatch_data()
{
    QTest::addColumn<bool>("succeeded");
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    const QString done = QStringLiteral("done, deleted");
    const QString again = QStringLiteral("failed, receive 1 of 3: comes again");
    const QString dead = QStringLiteral("failed, receive 3 of 3: to “dead”");
    QTest::newRow("all") << true << "null" << done << done;
    QTest::newRow("none") << false << "{}" << again << dead;
    QTest::newRow("one") << true << R"({"batchItemFailures":[{"itemIdentifier":"b2"}]})" << done
                         << dead;
    QTest::newRow("the other") << true << R"({"batchItemFailures":[{"itemIdentifier":"a1"}]})"
                               << again << done;
}

void TestEventLife::eachMessageOfABatch()
{
    QFETCH(const bool, succeeded);
    QFETCH(const QString, payload);
    QFETCH(const QString, first);
    QFETCH(const QString, second);
    session::Answer of = answer();
    of.source = "read";
    of.outcome = succeeded ? engine::Outcome::Succeeded : engine::Outcome::FunctionError;
    of.payload = payload.toStdString();
    const QList<LifeStage> stages = eventStages(snapshot({}), of, "thumbnails", batch());
    QCOMPARE(told(stages),
             (QStringList{QStringLiteral("Messages | a1 | ") + first,
                          QStringLiteral("Messages | b2 | ") + second}));
    QVERIFY(stages.front().note.startsWith(QStringLiteral("2 messages of “parts”: ")));
    // What failed is said whichever part is looked at.
    const bool failed = stages.front().note.contains(QStringLiteral(", 0 failed")) == false;
    QCOMPARE(stages.front().headline, failed ? stages.front().note : QString());
}

void TestEventLife::anAnswerThatCannotBeUsedFailsTheBatch()
{
    session::Answer of = answer();
    of.source = "read";
    of.payload = R"({"batchItemFailures":[{"itemIdentifier":"c3"}]})";
    const QList<LifeStage> stages = eventStages(snapshot({}), of, "thumbnails", batch());
    QVERIFY(stages.front().rows.front().value.startsWith(QStringLiteral("failed")));
    QVERIFY2(stages.front().note.contains(QStringLiteral("cannot be used")),
             qPrintable(stages.front().note));
    QVERIFY(eventStages(snapshot({}), of, "thumbnails", "no JSON").isEmpty());
}

QTEST_MAIN(TestEventLife)
#include "tst_event_life.moc"

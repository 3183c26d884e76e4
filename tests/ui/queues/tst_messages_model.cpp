#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QLocale>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include "ui/queues/message_text.h"
#include "ui/queues/messages_model.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;
using session::MessageView;

/// The table of a queue's messages, as lists of them follow one another.
class TestMessagesModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qputenv("TZ", "UTC");
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }
    void saysWhereEachStands_data();
    void saysWhereEachStands();
    void showsOneLineOfABody();
    void anyListFollowsAnyOther();
    void whatIsSelectedStaysSelected();
    void anotherListResets();
    void bodiesKeepTheirDigits_data();
    void bodiesKeepTheirDigits();

private:
    static constexpr TimePoint kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 27) + 14h};
    static MessageView message(std::uint64_t key)
    {
        MessageView made;
        made.key = key;
        made.messageId = "m" + std::to_string(key);
        made.sentAt = kNow - 60s;
        made.visibleAt = kNow - 60s;
        made.beginning = "{\"n\":" + std::to_string(key) + "}";
        return made;
    }
};

void TestMessagesModel::saysWhereEachStands_data()
{
    QTest::addColumn<bool>("inFlight");
    QTest::addColumn<int>("visibleInMs");
    QTest::addColumn<QString>("state");
    QTest::newRow("visible") << false << -5'000 << "visible";
    QTest::newRow("delayed") << false << 11'200 << "delayed, 12 s";
    QTest::newRow("in flight") << true << 24'000 << "in flight, 24 s";
    QTest::newRow("longer") << true << 600'000 << "in flight, 10 min";
    QTest::newRow("just over") << true << -1 << "in flight";
}

void TestMessagesModel::saysWhereEachStands()
{
    QFETCH(const bool, inFlight);
    QFETCH(const int, visibleInMs);
    QFETCH(const QString, state);
    MessageView one = message(1);
    one.inFlight = inFlight;
    one.visibleAt = kNow + std::chrono::milliseconds(visibleInMs);
    MessagesModel model;
    model.setMessages({one}, kNow);
    QCOMPARE(model.index(0, MessagesModel::State).data().toString(), state);
    QCOMPARE(model.index(0, MessagesModel::Sent).data().toString(), QStringLiteral("13:59:00"));
    model.setMessages({one}, kNow + 24h);
    QCOMPARE(model.index(0, MessagesModel::Sent).data().toString(), QStringLiteral("27 Nov 13:59"));
}

void TestMessagesModel::showsOneLineOfABody()
{
    MessageView one = message(1);
    one.beginning = "{\n  \"a\":\t1\r\n}";
    one.problem = "ValueError:\n  no weight";
    MessagesModel model;
    model.setMessages({one}, kNow);
    QCOMPARE(model.index(0, MessagesModel::Body).data().toString(), QStringLiteral("{ \"a\": 1 }"));
    QCOMPARE(model.index(0, MessagesModel::Problem).data().toString(),
             QStringLiteral("ValueError: no weight"));
}

void TestMessagesModel::anyListFollowsAnyOther()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    MessagesModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (int round = 0; round < 300; ++round) {
        std::vector<MessageView> next;
        const int share = random.bounded(1, 100);
        for (std::uint64_t key = 1; key <= 120; ++key)
            if (random.bounded(100) < share) {
                next.push_back(message(key));
                next.back().receives = random.bounded(3u);
            }
        const std::vector<MessageView> wanted = next;
        model.setMessages(std::move(next), kNow);
        QCOMPARE(model.rowCount(), int(wanted.size()));
        for (int row = 0; row < model.rowCount(); ++row)
            QVERIFY(model.message(row).key == wanted[std::size_t(row)].key
                    && model.message(row).receives == wanted[std::size_t(row)].receives);
    }
}

void TestMessagesModel::whatIsSelectedStaysSelected()
{
    MessagesModel model;
    const auto list = [](std::uint64_t from, std::uint64_t to) {
        std::vector<MessageView> made;
        for (std::uint64_t key = from; key <= to; ++key)
            made.push_back(message(key));
        return made;
    };
    model.setMessages(list(1, 1'000), kNow);
    QItemSelectionModel selection(&model);
    selection.select(model.index(500, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.setMessages(list(300, 1'400), kNow); // the front was received, others came
    QCOMPARE(resets.count(), 0);
    QCOMPARE(selection.selectedRows().size(), 1);
    QCOMPARE(model.message(selection.selectedRows().front().row()).key, 501u);
    QCOMPARE(model.find(501), std::optional(201));
    QCOMPARE(model.find(299), std::nullopt);
}

/// Thousands of single moves would hold the window up.
void TestMessagesModel::anotherListResets()
{
    MessagesModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    std::vector<MessageView> all, even;
    for (std::uint64_t key = 1; key <= 1'000; ++key) {
        all.push_back(message(key));
        if (key % 2 == 0)
            even.push_back(message(key));
    }
    model.setMessages(all, kNow);
    const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.setMessages(even, kNow);
    QCOMPARE(resets.count(), 1);
    QCOMPARE(model.rowCount(), 500);
    QCOMPARE(model.message(0).key, 2u);
}

void TestMessagesModel::bodiesKeepTheirDigits_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("edited");
    QTest::addColumn<QString>("kept");
    QTest::newRow("dense") << R"({"n":1.50,"a":[1]})"
                           << "{\n  \"n\": 1.50,\n  \"a\": [2]\n}"
                           << R"({"n":1.50,"a":[2]})";
    QTest::newRow("laid out") << "{\n \"n\": 1\n}"
                              << "{\n \"n\": 2\n}"
                              << "{\n \"n\": 2\n}";
    QTest::newRow("no JSON any more") << R"({"n":1})"
                                      << "n\n=1"
                                      << "n\n=1";
    QTest::newRow("text") << "hello"
                          << "hello\nyou"
                          << "hello\nyou";
}

void TestMessagesModel::bodiesKeepTheirDigits()
{
    QFETCH(const QString, before);
    QFETCH(const QString, edited);
    QFETCH(const QString, kept);
    QCOMPARE(QString::fromStdString(keptBody(edited, before.toStdString())), kept);
}

QTEST_MAIN(TestMessagesModel)
#include "tst_messages_model.moc"

#include <QDir>
#include <QSignalSpy>

#include "queue_page_fixture.h"
#include "ui/charts/chart_card.h"
#include "ui/charts/queue_charts.h"
#include "ui/explorer/explorer_rows.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace coldframe::ui::test;

/// What was given up: where it came from, of what, and its way back.
class TestDeadLetters : public QueuePageFixture {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { prepare(); }
    void cleanup() { close(); }
    void aDeadLetterQueueSaysWhatFeedsIt();
    void givenUpMessagesSayWhyAndGoBack();
    void oneIsSentBack();
    void chartsShowTheQueue();
    void whoGivesUpLeadsToTheDeadLetters();

private:
    ExplorerRow explorerRow(const QString& store)
    {
        const WorkspaceFolder none;
        const ExplorerRows rows = explorerRows(*m_port->snapshot(), none);
        for (const ExplorerRow& row : rows[static_cast<std::size_t>(Section::Stores)])
            if (row.key == store)
                return row;
        return {};
    }
    /// Two bad ones, given up after two receives each.
    void giveUpTwo()
    {
        send("parts", R"({"bad":1})");
        send("parts", R"({"bad":2})");
        m_port->startTriggers();
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
        m_port->stopTriggers();
        QTRY_VERIFY_WITH_TIMEOUT(!m_port->snapshot()->triggersRunning, kPatienceMs);
    }
};

void TestDeadLetters::aDeadLetterQueueSaysWhatFeedsIt()
{
    open(QStringLiteral("dead"));
    const auto* bar = m_page->findChild<MessageBar*>(QStringLiteral("deadLetters"));
    QTRY_VERIFY_WITH_TIMEOUT(bar->isVisible(), kPatienceMs);
    QCOMPARE(bar->text(),
             QStringLiteral("Dead letters of “parts”: messages come here when they were received "
                            "2 times there without success."));
    QCOMPARE(bar->property("bar"), QStringLiteral("info")); // as the style sheet has it
    QCOMPARE(bar->objectName(), QStringLiteral("deadLetters"));
    QVERIFY(button(QStringLiteral("Send all back")));
    QVERIFY(!button(QStringLiteral("Send all back"))->isEnabled());
    const ExplorerRow row = explorerRow(QStringLiteral("dead"));
    QCOMPARE(row.badge, QStringLiteral("0 messages"));
    QCOMPARE(row.badgeTone, Tone::Neutral);
    m_page->setQueue(QStringLiteral("parts"));
    QVERIFY(!bar->isVisible());
}

void TestDeadLetters::givenUpMessagesSayWhyAndGoBack()
{
    open(QStringLiteral("dead"));
    giveUpTwo();
    QCOMPARE(cell(0, MessagesModel::Problem), QStringLiteral("ValueError: no weight"));
    QCOMPARE(cell(0, MessagesModel::From), QStringLiteral("parts"));
    QVERIFY(!list()->isColumnHidden(MessagesModel::Problem));
    QVERIFY(!list()->isColumnHidden(MessagesModel::From));
    QTRY_COMPARE_WITH_TIMEOUT(explorerRow(QStringLiteral("dead")).badge,
                              QStringLiteral("2 messages"), kPatienceMs);
    QCOMPARE(explorerRow(QStringLiteral("dead")).badgeTone, Tone::Warning);
    click(0);
    QTRY_COMPARE_WITH_TIMEOUT(body()->text(), QStringLiteral("{ \"bad\": 1 }"), kPatienceMs);
    QCOMPARE(label("messageProblem"), QStringLiteral("ValueError: no weight"));
    QVERIFY(label("messageFacts").contains(QStringLiteral("given up in “parts”")));
    press(QStringLiteral("Send all back"));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 0, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(explorerRow(QStringLiteral("parts")).badge,
                              QStringLiteral("2 messages"), kPatienceMs);
    QCOMPARE(explorerRow(QStringLiteral("parts")).badgeTone, Tone::Neutral);
}

void TestDeadLetters::oneIsSentBack()
{
    open(QStringLiteral("dead"));
    giveUpTwo();
    click(1);
    press(QStringLiteral("Send back"));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QCOMPARE(cell(0, MessagesModel::Body), QStringLiteral("{\"bad\":1}"));
    m_page->setQueue(QStringLiteral("parts"));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QCOMPARE(cell(0, MessagesModel::Body), QStringLiteral("{\"bad\":2}"));
    click(0);
    QTRY_VERIFY_WITH_TIMEOUT(!button(QStringLiteral("Send back"))->isEnabled(), kPatienceMs);
}

void TestDeadLetters::chartsShowTheQueue()
{
    open(QStringLiteral("dead"));
    giveUpTwo();
    QTRY_COMPARE_WITH_TIMEOUT(m_page->charts().depthCard()->figure(), QStringLiteral("2"),
                              kPatienceMs);
    m_page->setQueue(QStringLiteral("parts"));
    QTRY_VERIFY_WITH_TIMEOUT(
        m_page->charts().rateCard()->figureOf().contains(QStringLiteral("2 given up")),
        kPatienceMs);
    QCOMPARE(m_page->charts().depthCard()->figure(), QStringLiteral("0"));
}

void TestDeadLetters::whoGivesUpLeadsToTheDeadLetters()
{
    open(QStringLiteral("dead"));
    giveUpTwo();
    const auto* bar = qobject_cast<MessageBar*>(
        m_page->findChild<QPushButton*>(QStringLiteral("openDeadLetters"))->parentWidget());
    QVERIFY(!bar->isVisible());
    m_page->setQueue(QStringLiteral("parts"));
    QTRY_VERIFY_WITH_TIMEOUT(bar->isVisible(), kPatienceMs);
    QCOMPARE(bar->text(),
             QStringLiteral("2 messages lie in “dead”, where what was given up here goes."));
    const QSignalSpy wanted(m_page.get(), &QueuePage::queueWanted);
    press(QStringLiteral("Open dead"));
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.front().front().toString(), QStringLiteral("dead"));
    m_port->queues()->purge("dead");
    QTRY_VERIFY_WITH_TIMEOUT(!bar->isVisible(), kPatienceMs);
}

QTEST_MAIN(TestDeadLetters)
#include "tst_dead_letters.moc"

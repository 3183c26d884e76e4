#include <QAbstractItemModelTester>
#include <QDir>
#include <QLineEdit>
#include <QScrollBar>

#include "queue_page_fixture.h"
#include "ui/queues/send_message_dialog.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace coldframe::ui::test;

/// A queue on its page: seen and changed with clicks and keys. Nobody reads it until told so.
class TestQueuePage : public QueuePageFixture {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { prepare(); }
    void cleanup() { close(); }
    void messagesAppearAsTheyAreSent();
    void anEmptyQueueSaysWhatItIsFor();
    void selectionAndScrollStayWhileMessagesCome();
    void aMessageIsEditedInPlace();
    void whatIsTypedIsNotDisturbed();
    void whatIsInFlightIsNotEdited();
    void aNewMessageIsSentByKeys();
    void aFifoQueueWantsAGroup();
    void severalAreDeletedAtOnce();
    void purgingSaysHowMany();
    void aMessageThatGoesIsNotReplacedByAnother();
};

void TestQueuePage::messagesAppearAsTheyAreSent()
{
    open(QStringLiteral("parts"));
    const QAbstractItemModelTester tester(&m_page->model());
    send("parts", R"({"n":1.50})");
    send("parts", "no JSON");
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    QCOMPARE(cell(0, MessagesModel::Body), QStringLiteral("{\"n\":1.50}"));
    QCOMPARE(cell(0, MessagesModel::State), QStringLiteral("visible"));
    QCOMPARE(cell(0, MessagesModel::Receives), QStringLiteral("0"));
    QCOMPARE(cell(0, MessagesModel::Sender), QStringLiteral("by hand"));
    QCOMPARE(cell(1, MessagesModel::Size), QStringLiteral("7 B"));
    QTRY_COMPARE_WITH_TIMEOUT(label("queueSummary"), QStringLiteral("2 messages"), kPatienceMs);
    QVERIFY2(label("queueRules").contains(QStringLiteral("after 2 receives to “dead”")),
             qPrintable(label("queueRules")));
    QVERIFY(list()->isColumnHidden(MessagesModel::Group));
    QVERIFY(list()->isColumnHidden(MessagesModel::From));
    click(0);
    QTRY_COMPARE_WITH_TIMEOUT(body()->text(), QStringLiteral("{ \"n\": 1.50 }"), kPatienceMs);
    QVERIFY(label("messageFacts").startsWith(QStringLiteral("visible · sent ")));
    QTest::keyClick(list(), Qt::Key_Down);
    QTRY_COMPARE_WITH_TIMEOUT(body()->text(), QStringLiteral("no JSON"), kPatienceMs);
}

void TestQueuePage::anEmptyQueueSaysWhatItIsFor()
{
    open(QStringLiteral("parts"));
    QTRY_VERIFY_WITH_TIMEOUT(
        label("queueEmpty")
            .contains(QStringLiteral("The trigger “read” hands its messages to "
                                     "“work”.")),
        kPatienceMs);
    QVERIFY(!button(QStringLiteral("Purge…"))->isEnabled());
    QVERIFY(!button(QStringLiteral("Send all back")));
    m_page->setQueue(QStringLiteral("orders"));
    QVERIFY2(label("queueEmpty").contains(QStringLiteral("No trigger reads it")),
             qPrintable(label("queueEmpty")));
}

void TestQueuePage::selectionAndScrollStayWhileMessagesCome()
{
    open(QStringLiteral("parts"));
    for (int n = 0; n < 80; ++n)
        send("parts", "{\"n\":" + std::to_string(n) + "}");
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 80, kPatienceMs);
    click(40);
    click(42, Qt::ControlModifier);
    list()->verticalScrollBar()->setValue(35);
    const std::uint64_t top = m_page->model().message(list()->indexAt({2, 2}).row()).key;
    // What others do: the front goes, more come.
    const std::uint64_t gone = m_page->model().message(0).key;
    m_port->queues()->remove(gone, m_page.get(), {});
    send("parts", "{\"n\":80}");
    send("parts", "{\"n\":81}");
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 81, kPatienceMs);
    QStringList chosen;
    for (const QModelIndex& index : list()->selectionModel()->selectedRows())
        chosen << cell(index.row(), MessagesModel::Body);
    chosen.sort();
    QCOMPARE(chosen, (QStringList{QStringLiteral("{\"n\":40}"), QStringLiteral("{\"n\":42}")}));
    QCOMPARE(m_page->model().message(list()->indexAt({2, 2}).row()).key, top);
}

void TestQueuePage::aMessageIsEditedInPlace()
{
    open(QStringLiteral("parts"));
    send("parts", R"({"n":1.50})");
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    click(0);
    QTRY_VERIFY_WITH_TIMEOUT(body()->text().contains(QStringLiteral("1.50")), kPatienceMs);
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Return);
    QVERIFY(m_page->messagePane().isEditing());
    body()->setText(QStringLiteral("{ \"n\": 2.50 }"));
    press(QStringLiteral("Save"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, MessagesModel::Body), QStringLiteral("{\"n\":2.50}"),
                              kPatienceMs);
    QTRY_VERIFY(!m_page->messagePane().isEditing());
    QCOMPARE(bar(), QString());
    // Escape leaves it as it was.
    press(QStringLiteral("Edit"));
    body()->setText(QStringLiteral("3"));
    QTest::keyClick(body()->focusProxy(), Qt::Key_Escape);
    QVERIFY(!m_page->messagePane().isEditing());
    QCOMPARE(body()->text(), QStringLiteral("{ \"n\": 2.50 }"));
    QCOMPARE(cell(0, MessagesModel::Body), QStringLiteral("{\"n\":2.50}"));
}

void TestQueuePage::whatIsTypedIsNotDisturbed()
{
    open(QStringLiteral("parts"));
    send("parts", "one");
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    click(0);
    QTRY_COMPARE_WITH_TIMEOUT(body()->text(), QStringLiteral("one"), kPatienceMs);
    press(QStringLiteral("Edit"));
    body()->setText(QStringLiteral("typed"));
    bool edited = false;
    m_port->queues()->edit(m_page->model().message(0).key, "another's", m_page.get(),
                           [&](const Result<void>& done) { edited = done.has_value(); });
    QTRY_VERIFY_WITH_TIMEOUT(edited, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, MessagesModel::Body), QStringLiteral("another's"),
                              kPatienceMs);
    QCOMPARE(body()->text(), QStringLiteral("typed"));
    QTest::keyClick(body()->focusProxy(), Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, MessagesModel::Body), QStringLiteral("typed"), kPatienceMs);
}

void TestQueuePage::whatIsInFlightIsNotEdited()
{
    open(QStringLiteral("parts"));
    write(QStringLiteral("code/hold"), "x");
    send("parts", "slow");
    m_port->startTriggers();
    QTRY_VERIFY_WITH_TIMEOUT(
        rows() == 1 && cell(0, MessagesModel::State).startsWith(QStringLiteral("in flight")),
        kPatienceMs);
    click(0);
    QTRY_COMPARE_WITH_TIMEOUT(body()->text(), QStringLiteral("slow"), kPatienceMs);
    press(QStringLiteral("Edit"));
    QVERIFY(!m_page->messagePane().isEditing());
    QVERIFY2(bar().startsWith(QStringLiteral("Somebody is at work on the message")),
             qPrintable(bar()));
    QTRY_COMPARE_WITH_TIMEOUT(label("queueSummary"), QStringLiteral("1 message · 1 in flight"),
                              kPatienceMs);
    QFile::remove(m_folder->filePath(QStringLiteral("code/hold")));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 0, kPatienceMs);
}

void TestQueuePage::aNewMessageIsSentByKeys()
{
    open(QStringLiteral("parts"));
    QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("New message…"))->isEnabled(), kPatienceMs);
    whenOpen([](QWidget& dialog) {
        const auto* problem = dialog.findChild<QLabel*>(QStringLiteral("problem"));
        const auto send = [&dialog] {
            QTest::keyClick(dialog.findChild<JsonView*>()->focusProxy(), Qt::Key_Return,
                            Qt::ControlModifier);
        };
        send(); // nothing is typed
        QTRY_COMPARE(problem->text(), QStringLiteral("A message has a body: type one."));
        auto* attributes = dialog.findChild<QPlainTextEdit*>(QStringLiteral("field.attributes"));
        attributes->setPlainText(QStringLiteral("[]"));
        dialog.findChild<JsonView*>()->setText(QStringLiteral("{\n  \"n\": 7\n}"));
        send();
        QTRY_VERIFY(problem->text().startsWith(QStringLiteral("The attributes are an object")));
        attributes->setPlainText(
            QStringLiteral("{\"kind\": {\"stringValue\": \"bolt\", \"dataType\": \"String\"}}"));
        send();
    });
    list()->setFocus();
    QTest::keyClick(m_page.get(), Qt::Key_N, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QCOMPARE(cell(0, MessagesModel::Body), QStringLiteral("{\"n\":7}"));
    click(0);
    QTRY_VERIFY_WITH_TIMEOUT(
        m_page->messagePane().findChildren<JsonView*>().last()->text().contains(
            QStringLiteral("bolt")),
        kPatienceMs);
    // A copy begins as what it is of.
    whenOpen([](QWidget& dialog) {
        QCOMPARE(dialog.findChild<JsonView*>()->text(), QStringLiteral("{ \"n\": 7 }"));
        QTest::keyClick(dialog.findChild<JsonView*>()->focusProxy(), Qt::Key_Return,
                        Qt::ControlModifier);
    });
    press(QStringLiteral("Send copy…"));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    QCOMPARE(cell(1, MessagesModel::Body), QStringLiteral("{\"n\":7}"));
}

void TestQueuePage::aFifoQueueWantsAGroup()
{
    open(QStringLiteral("orders"));
    QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("New message…"))->isEnabled(), kPatienceMs);
    const auto sendOne = [this](const QString& group) {
        whenOpen([group](QWidget& dialog) {
            dialog.findChild<JsonView*>()->setText(QStringLiteral("one"));
            QTest::keyClick(dialog.findChild<JsonView*>()->focusProxy(), Qt::Key_Return,
                            Qt::ControlModifier);
            const auto* problem = dialog.findChild<QLabel*>(QStringLiteral("problem"));
            QTRY_VERIFY2(problem->text().contains(QStringLiteral("needs a message group")),
                         qPrintable(problem->text())); // core says so
            dialog.findChild<QLineEdit*>(QStringLiteral("field.group"))->setText(group);
            QTest::keyClick(dialog.findChild<JsonView*>()->focusProxy(), Qt::Key_Return,
                            Qt::ControlModifier);
        });
        press(QStringLiteral("New message…"));
    };
    sendOne(QStringLiteral("red"));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QCOMPARE(cell(0, MessagesModel::Group), QStringLiteral("red"));
    QVERIFY(!list()->isColumnHidden(MessagesModel::Group));
    sendOne(QStringLiteral("red")); // the same body: taken once
    send("orders", "two", "blue");
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    QCOMPARE(cell(1, MessagesModel::Body), QStringLiteral("two"));
}

void TestQueuePage::severalAreDeletedAtOnce()
{
    open(QStringLiteral("parts"));
    for (const char* body : {"a", "b", "c"})
        send("parts", body);
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, kPatienceMs);
    click(0);
    click(1, Qt::ShiftModifier);
    answer(QStringLiteral("Cancel"));
    pressInList(Qt::Key_Delete);
    QCOMPARE(m_asked, QStringLiteral("Delete 2 messages from “parts”?"));
    QCOMPARE(rows(), 3);
    answer(QStringLiteral("Delete"));
    pressInList(Qt::Key_Delete);
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QCOMPARE(cell(0, MessagesModel::Body), QStringLiteral("c"));
    QCOMPARE(bar(), QString());
}

void TestQueuePage::purgingSaysHowMany()
{
    open(QStringLiteral("parts"));
    for (const char* body : {"a", "b", "c"})
        send("parts", body);
    QTRY_COMPARE_WITH_TIMEOUT(label("queueSummary"), QStringLiteral("3 messages"), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(button(QStringLiteral("Purge…"))->isEnabled(), kPatienceMs);
    answer(QStringLiteral("Delete all"));
    press(QStringLiteral("Purge…"));
    QCOMPARE(m_asked, QStringLiteral("Delete all 3 messages of “parts”?"));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 0, kPatienceMs);
}

void TestQueuePage::aMessageThatGoesIsNotReplacedByAnother()
{
    open(QStringLiteral("parts"));
    send("parts", "first");
    send("parts", "second");
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    click(0);
    QTRY_COMPARE_WITH_TIMEOUT(body()->text(), QStringLiteral("first"), kPatienceMs);
    m_port->queues()->remove(m_page->model().message(0).key, m_page.get(), {});
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QCOMPARE(body()->text(), QStringLiteral("first"));
    QVERIFY(label("messageFacts").startsWith(QStringLiteral("no longer in the queue")));
    QVERIFY(list()->selectionModel()->selectedRows().isEmpty());
    QVERIFY(!button(QStringLiteral("Delete…"))->isEnabled());
    QVERIFY(button(QStringLiteral("Send copy…"))->isEnabled());
}

QTEST_MAIN(TestQueuePage)
#include "tst_queue_page.moc"

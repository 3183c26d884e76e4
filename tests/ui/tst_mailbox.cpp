#include <QCoreApplication>
#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

#include "ui/session_bridge/mailbox.h"

using coldframe::ui::Mailbox;

class TestMailbox : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void workRunsOnTheReceiversThread();
    void nothingRunsAfterTheReceiverIsGone();
    void closingWhileOthersPostIsSafe();
};

void TestMailbox::workRunsOnTheReceiversThread()
{
    QObject receiver;
    Mailbox mailbox(&receiver);
    std::atomic<bool> onThisThread = false;
    const auto here = std::this_thread::get_id();
    std::thread([&] {
        mailbox.post([&] { onThisThread = std::this_thread::get_id() == here; });
    }).join();
    QVERIFY(!onThisThread);
    QTRY_VERIFY(onThisThread.load());
}

void TestMailbox::nothingRunsAfterTheReceiverIsGone()
{
    bool ran = false;
    auto receiver = std::make_unique<QObject>();
    Mailbox mailbox(receiver.get());
    mailbox.post([&] { ran = true; });
    mailbox.close();
    receiver.reset();
    mailbox.post([&] { ran = true; });
    QCoreApplication::processEvents();
    QVERIFY(!ran);
}

void TestMailbox::closingWhileOthersPostIsSafe()
{
    for (int round = 0; round < 50; ++round) {
        auto receiver = std::make_unique<QObject>();
        auto mailbox = std::make_shared<Mailbox>(receiver.get());
        std::atomic<bool> stop = false;
        std::vector<std::thread> posters;
        for (int i = 0; i < 3; ++i)
            posters.emplace_back([mailbox, &stop] {
                while (!stop)
                    mailbox->post([] {});
            });
        QCoreApplication::processEvents();
        mailbox->close();
        receiver.reset();
        stop = true;
        for (std::thread& poster : posters)
            poster.join();
        QCoreApplication::processEvents();
    }
}

QTEST_GUILESS_MAIN(TestMailbox)
#include "tst_mailbox.moc"

#include <QLabel>
#include <QPushButton>
#include <QTest>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/dialogs/trigger_page.h"
#include "ui/widgets/status_dot.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;

class TestTriggerPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qputenv("TZ", "Asia/Kolkata"); // local time is neither UTC nor that of the machine
        QLocale::setDefault(QLocale::c());
    }
    void showsTheNextFiveTimes();
    void saysWhatTheTimesAreWorth_data();
    void saysWhatTheTimesAreWorth();
    void hasNoTimesWhenThereAreNone();
    void firesNow_data();
    void firesNow();
    void doesNotFireWhatIsNotTrusted();
    void saysWhatItsFilterLeftOut();
    void oneInTroubleDoesNotSeemSound();

private:
    static const QString& heading()
    {
        static const QString text = QStringLiteral("Fires next · local time");
        return text;
    }
    /// Texts of all labels that can be seen.
    static QStringList seen(const TriggerPage& page)
    {
        QStringList texts;
        for (const QLabel* label : page.findChildren<QLabel*>())
            if (label->isVisible())
                texts << label->text();
        return texts;
    }
    static QPushButton* button(const TriggerPage& page, const QString& text)
    {
        for (QPushButton* found : page.findChildren<QPushButton*>())
            if (found->text() == text && found->isVisible())
                return found;
        return nullptr;
    }
    static void open(TriggerPage& page, SessionPort& port, const char* trigger)
    {
        page.setPort(&port);
        page.setTrigger(QLatin1String(trigger));
        page.setVisible(true);
    }
};

/// "nightly" fires in three hours, at 15:03 UTC, and then every day.
void TestTriggerPage::showsTheNextFiveTimes()
{
    const auto snapshot = sample::busySnapshot();
    sample::MadeUpPort port(snapshot);
    TriggerPage page;
    open(page, port, "nightly");
    const QStringList texts = seen(page);
    const QString times
        = QStringLiteral("Mon 14 Sep 20:33:00\nTue 15 Sep 20:33:00\nWed 16 Sep 20:33:00\n"
                         "Thu 17 Sep 20:33:00\nFri 18 Sep 20:33:00");
    QVERIFY2(texts.contains(times), qPrintable(texts.join(QLatin1Char('|'))));
    QVERIFY(texts.contains(heading()));
    QVERIFY(texts.contains(QStringLiteral("in 3 h\nin 27 h\nin 2 d\nin 3 d\nin 4 d")));

    auto later = std::make_shared<session::Snapshot>(*snapshot);
    later->now += 1h;
    port.publish(later);
    QVERIFY(seen(page).contains(QStringLiteral("in 2 h\nin 26 h\nin 2 d\nin 3 d\nin 4 d")));
}

void TestTriggerPage::saysWhatTheTimesAreWorth_data()
{
    QTest::addColumn<bool>("enabled");
    QTest::addColumn<bool>("running");
    QTest::addColumn<QString>("expected");
    QTest::newRow("running") << true << true << heading();
    QTest::newRow("stopped") << true << false
                             << QStringLiteral("Would fire, started now · local time");
    QTest::newRow("disabled") << false << false
                              << QStringLiteral("Would fire, enabled and started now · local time");
}

void TestTriggerPage::saysWhatTheTimesAreWorth()
{
    QFETCH(bool, enabled);
    QFETCH(bool, running);
    QFETCH(QString, expected);
    const auto snapshot = sample::busySnapshot();
    snapshot->triggers[4].enabled = enabled;
    snapshot->triggers[4].running = running;
    sample::MadeUpPort port(snapshot);
    TriggerPage page;
    open(page, port, "nightly");
    QVERIFY2(seen(page).contains(expected), qPrintable(seen(page).join(QLatin1Char('|'))));
    QCOMPARE(seen(page).contains(heading()), running);
}

void TestTriggerPage::hasNoTimesWhenThereAreNone()
{
    const auto snapshot = sample::busySnapshot();
    snapshot->triggers[4].nextFires.clear();
    sample::MadeUpPort port(snapshot);
    TriggerPage page;
    open(page, port, "nightly");
    QVERIFY(!seen(page).contains(heading()));
    port.publish(sample::busySnapshot());
    QVERIFY(seen(page).contains(heading()));
}

void TestTriggerPage::firesNow_data()
{
    QTest::addColumn<QString>("trigger");
    QTest::addColumn<QStringList>("asked");
    QTest::newRow("schedule") << "nightly" << QStringList{QStringLiteral("fire nightly")};
    QTest::newRow("by hand") << "enrich-jobs" << QStringList{QStringLiteral("fire enrich-jobs")};
    QTest::newRow("files: it has no button") << "on-upload" << QStringList{};
}

void TestTriggerPage::firesNow()
{
    QFETCH(QString, trigger);
    QFETCH(QStringList, asked);
    sample::MadeUpPort port(sample::busySnapshot());
    TriggerPage page;
    open(page, port, trigger.toLatin1().constData());
    QPushButton* fire = button(page, QStringLiteral("Fire now"));
    QCOMPARE(fire != nullptr, !asked.isEmpty());
    if (fire)
        QTest::mouseClick(fire, Qt::LeftButton);
    QCOMPARE(port.asked, asked);
}

void TestTriggerPage::doesNotFireWhatIsNotTrusted()
{
    const auto snapshot = sample::busySnapshot();
    snapshot->trusted = false;
    sample::MadeUpPort port(snapshot);
    TriggerPage page;
    open(page, port, "nightly");
    QPushButton* fire = button(page, QStringLiteral("Fire now"));
    QVERIFY(fire);
    QTest::mouseClick(fire, Qt::LeftButton);
    QCOMPARE(port.asked, QStringList{});
    port.publish(sample::busySnapshot());
    QTest::mouseClick(fire, Qt::LeftButton);
    QCOMPARE(port.asked, QStringList{QStringLiteral("fire nightly")});
}

/// Only a trigger that has a filter says so.
void TestTriggerPage::saysWhatItsFilterLeftOut()
{
    const QString caption = QStringLiteral("Left out by the filter");
    const auto snapshot = sample::busySnapshot();
    sample::MadeUpPort port(snapshot);
    TriggerPage page;
    open(page, port, "on-upload");
    QVERIFY(!seen(page).contains(caption));
    auto filtered = std::make_shared<session::Snapshot>(*snapshot);
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->triggers[0].filter = R"({"n":[1]})";
    filtered->workspace = workspace;
    filtered->triggers[0].filteredOut = 1234;
    port.publish(filtered);
    QVERIFY(seen(page).contains(caption));
    QVERIFY(seen(page).contains(QStringLiteral("1234")));
}

/// The explorer says "problem" of it.
void TestTriggerPage::oneInTroubleDoesNotSeemSound()
{
    const auto snapshot = sample::busySnapshot();
    snapshot->triggers[4].running = true;
    sample::MadeUpPort port(snapshot);
    TriggerPage page;
    open(page, port, "nightly");
    const auto* state = page.findChild<StatusDot*>();
    QCOMPARE(state->text(), QStringLiteral("Listening"));
    const auto next = std::make_shared<session::Snapshot>(*snapshot);
    next->triggers[4].message = "the time zone is not known";
    port.publish(next);
    QCOMPARE(state->text(), QStringLiteral("Problem"));
}

QTEST_MAIN(TestTriggerPage)
#include "tst_trigger_page.moc"

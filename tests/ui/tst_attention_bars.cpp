#include <QClipboard>
#include <QGuiApplication>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/dialogs/bars.h"
#include "ui/dialogs/notices_dialog.h"
#include "ui/theme/theme_manager.h"
#include "ui/widgets/message_bar.h"

using namespace coldframe;
using namespace coldframe::ui;

/// The bars above the panes: what is wrong with the workspace file, and that it stays said until
/// it is put right or dismissed.
class TestAttentionBars : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_themes = std::make_unique<ThemeManager>(); }
    void init();
    void cleanup();
    void aSoundFileShowsNothing();
    void mistakesAreNamedWithTheirPlaces();
    void aMistakeIsSaidOnce();
    void ofManyTheFirstFourAndTheirNumber();
    void warningsAreNoMistakes();
    void dismissedItStaysAwayUntilThereIsNews();
    void theFileOpens();
    void allNoticesAreOneClickAway();
    void aNoticeAndItsHintAreSentences_data();
    void aNoticeAndItsHintAreSentences();

private:
    void publish(std::vector<Error> errors, std::vector<Error> warnings = {});
    MessageBar* shown() const;
    QString said() const { return shown() ? shown()->text() : QString(); }

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<sample::MadeUpPort> m_port;
    std::unique_ptr<AttentionBars> m_bars;
};

namespace {

Error mistake(int line)
{
    Error made{.message = "unknown key \"memroyMb\"", .hint = "did you mean \"memoryMb\"?"};
    made.file = "/w/coldframe.json";
    made.line = line;
    made.column = 7;
    return made;
}

QString lineOf(int line)
{
    return QStringLiteral("\n/w/coldframe.json:%1:7  unknown key \"memroyMb\" — did you mean "
                          "\"memoryMb\"?")
        .arg(line);
}

const QString kHead
    = QStringLiteral("The workspace file has mistakes; the last good one stays in force.");

} // namespace

void TestAttentionBars::init()
{
    m_port = std::make_unique<sample::MadeUpPort>(sample::busySnapshot());
    m_bars = std::make_unique<AttentionBars>();
    m_bars->resize(900, 200);
    m_bars->setPort(m_port.get());
    m_bars->setVisible(true);
    QVERIFY(QTest::qWaitForWindowExposed(m_bars.get()));
}

void TestAttentionBars::cleanup()
{
    m_bars.reset();
    m_port.reset();
}

void TestAttentionBars::publish(std::vector<Error> errors, std::vector<Error> warnings)
{
    auto next = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*next->workspace);
    workspace->folder = "/w";
    next->workspace = workspace;
    next->workspaceErrors = std::move(errors);
    next->workspaceWarnings = std::move(warnings);
    m_port->publish(next);
}

MessageBar* TestAttentionBars::shown() const
{
    MessageBar* found = nullptr;
    for (MessageBar* bar : m_bars->findChildren<MessageBar*>())
        if (bar->isVisible())
            found = bar;
    return found;
}

void TestAttentionBars::aSoundFileShowsNothing()
{
    QVERIFY(!shown());
}

void TestAttentionBars::mistakesAreNamedWithTheirPlaces()
{
    publish({mistake(12), Error{.message = "the file is empty"}});
    QCOMPARE(said(), kHead + lineOf(12) + QStringLiteral("\nthe file is empty"));
    QCOMPARE(shown()->property("bar"), QStringLiteral("bad")); // the style sheet's red
    QCOMPARE(shown()->accessibleName(), said());
    publish({});
    QVERIFY(!shown());
}

void TestAttentionBars::aMistakeIsSaidOnce()
{
    const auto bars = [this] {
        const auto all = m_bars->findChildren<MessageBar*>();
        return std::ranges::count_if(all, [](const MessageBar* bar) { return bar->isVisible(); });
    };
    publish({mistake(12)});
    auto next = std::make_shared<session::Snapshot>(*m_port->snapshot());
    const auto tell = [&](const std::string& words) {
        next = std::make_shared<session::Snapshot>(*next);
        next->notices = {{next->now, session::Notice::Severity::Error, words, {}}};
        m_port->publish(next);
    };
    tell("coldframe.json cannot be used as it is now; the last good one stays: "
         + describe(mistake(12)));
    QCOMPARE(bars(), 1);
    tell("The disk is full");
    QCOMPARE(bars(), 2);
    m_port->publish(sample::busySnapshot());
    publish({});
}

void TestAttentionBars::ofManyTheFirstFourAndTheirNumber()
{
    std::vector<Error> six;
    QString lines = kHead;
    for (int line = 1; line <= 6; ++line) {
        six.push_back(mistake(line));
        if (line <= 4)
            lines += lineOf(line);
    }
    publish(six);
    QCOMPARE(said(), lines + QStringLiteral("\n… and 2 more"));
}

void TestAttentionBars::warningsAreNoMistakes()
{
    publish({}, {mistake(3)});
    QCOMPARE(said(), lineOf(3).mid(1));
    QCOMPARE(shown()->property("bar"), QStringLiteral("warning"));
}

void TestAttentionBars::dismissedItStaysAwayUntilThereIsNews()
{
    publish({mistake(1)});
    QTest::mouseClick(shown()->findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(!shown());
    publish({mistake(1)}); // the same, in the next picture
    QVERIFY(!shown());
    publish({mistake(2)});
    QCOMPARE(said(), kHead + lineOf(2));
    QTest::mouseClick(shown()->findChild<QToolButton*>(), Qt::LeftButton);
    publish({});
    publish({mistake(2)}); // put right and made again
    QCOMPARE(said(), kHead + lineOf(2));
}

void TestAttentionBars::theFileOpens()
{
    publish({mistake(12), mistake(14)});
    const QSignalSpy wanted(m_bars.get(), &AttentionBars::fileWanted);
    for (QPushButton* button : shown()->findChildren<QPushButton*>())
        QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.front(), (QVariantList{QStringLiteral("/w/coldframe.json"), 12, 7}));
}

void TestAttentionBars::allNoticesAreOneClickAway()
{
    using Severity = session::Notice::Severity;
    const auto tell = [this](std::vector<session::Notice> notices, std::uint64_t dropped) {
        auto next = sample::busySnapshot();
        next->notices = std::move(notices);
        next->noticesDropped = dropped;
        m_port->publish(next);
    };
    const TimePoint at = m_port->snapshot()->now;
    const session::Notice first{at, Severity::Info, "the journal is written again", {}};
    const session::Notice second{at, Severity::Warning, "work: 1 message failed", "look at it"};
    const session::Notice third{at, Severity::Error, "the disk is full", {}};
    tell({first}, 0);
    auto* all = m_bars->findChild<QPushButton*>(QStringLiteral("allNotices"));
    QVERIFY(shown() && !all->isVisible()); // it stands there already
    tell({first, second}, 0);
    QCOMPARE(all->text(), QStringLiteral("All 2 notices…"));
    m_bars->resize(300, 200);
    tell({first, second}, 0);
    QCOMPARE(all->text(), QStringLiteral("All 2…")); // the words need the room
    QTest::mouseClick(all, Qt::LeftButton);
    const QPointer<NoticesDialog> dialog = m_bars->findChild<NoticesDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    const auto press = [&dialog](const QString& text) {
        for (QPushButton* button : dialog->findChildren<QPushButton*>())
            if (button->text().remove(QLatin1Char('&')) == text)
                QTest::mouseClick(button, Qt::LeftButton);
    };
    const auto copied = [&press] {
        press(QStringLiteral("Copy all"));
        return QGuiApplication::clipboard()->text();
    };
    QCOMPARE(copied(), noticeLine(second) + u'\n' + noticeLine(first) + u'\n');
    tell({second, third}, 1); // it goes on, and the first is not kept
    QCOMPARE(copied(), noticeLine(third) + u'\n' + noticeLine(second) + u'\n');
    const auto told = [&dialog] {
        QStringList lines;
        for (const MessageBar* bar : dialog->findChildren<MessageBar*>())
            if (bar->isVisible())
                lines << bar->property("bar").toString() + u' ' + bar->text();
        lines.sort();
        return lines;
    };
    QTRY_COMPARE(told(), // once they are laid out
                 QStringList({QStringLiteral("bad ") + noticeLine(third),
                              QStringLiteral("warning ") + noticeLine(second)}));
    QTest::mouseClick(all, Qt::LeftButton);
    QCOMPARE(m_bars->findChildren<NoticesDialog*>().size(), 1);
    press(QStringLiteral("Close"));
    QTRY_VERIFY(!dialog);
}

void TestAttentionBars::aNoticeAndItsHintAreSentences_data()
{
    QTest::addColumn<QString>("happened");
    QTest::addColumn<QString>("hint");
    QTest::addColumn<QString>("words");
    QTest::newRow("no stop between") << "orders: the table is gone"
                                     << "make it again"
                                     << "orders: the table is gone. Make it again.";
    QTest::newRow("stops of their own") << "The disk is full."
                                        << "Free some space."
                                        << "The disk is full. Free some space.";
    QTest::newRow("a question") << "there is no queue \"part\""
                                << "did you mean \"parts\"?"
                                << "there is no queue \"part\". Did you mean \"parts\"?";
    QTest::newRow("a hint that begins with a key") << "too slow"
                                                   << "timeoutMs may be raised"
                                                   << "too slow. timeoutMs may be raised.";
    QTest::newRow("no hint") << "The journal is written again"
                             << ""
                             << "The journal is written again";
}

void TestAttentionBars::aNoticeAndItsHintAreSentences()
{
    QFETCH(QString, happened);
    QFETCH(QString, hint);
    auto next = sample::busySnapshot();
    next->notices = {{next->now, session::Notice::Severity::Warning, happened.toStdString(),
                      hint.toStdString()}};
    m_port->publish(next);
    QVERIFY(shown());
    QTEST(said().section(QStringLiteral("  "), 1), "words");
}

QTEST_MAIN(TestAttentionBars)
#include "tst_attention_bars.moc"

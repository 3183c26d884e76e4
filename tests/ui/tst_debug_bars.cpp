#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QTest>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/dialogs/debug_bars.h"
#include "ui/widgets/message_bar.h"

using namespace coldframe;
using namespace coldframe::ui;
using session::DebugView;
using Phase = DebugView::Phase;

/// What is said of attempts that are held for a debugger, and the ways out of it.
class TestDebugBars : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void whileNothingIsHeldThereIsNothing();
    void itSaysWhereAndHowToAttach();
    void eachAttemptHasABarOfItsOwn();
    void eachPhaseHasItsWordsAndWaysOut_data();
    void eachPhaseHasItsWordsAndWaysOut();

private:
    void hold(std::vector<DebugView> views);
    static DebugView view(std::uint32_t invocation, FunctionId function, Phase phase);
    QStringList said() const;
    QPushButton* button(const QString& text, int bar = 0) const;

    std::unique_ptr<sample::MadeUpPort> m_port;
    std::unique_ptr<QWidget> m_window;
    DebugBars* m_bars = nullptr;
};

void TestDebugBars::init()
{
    m_port = std::make_unique<sample::MadeUpPort>(sample::busySnapshot());
    m_window = std::make_unique<QWidget>();
    m_bars = new DebugBars(m_window.get());
    m_bars->resize(900, 200);
    m_bars->setPort(m_port.get());
}

void TestDebugBars::cleanup()
{
    m_window.reset();
    m_port.reset();
}

DebugView TestDebugBars::view(std::uint32_t invocation, FunctionId function, Phase phase)
{
    return {.function = function,
            .invocation = invocation,
            .phase = phase,
            .address = "127.0.0.1:567" + std::to_string(invocation),
            .message = "python3 has no debugpy",
            .advice = "Set a breakpoint first.",
            .launchConfiguration = "{\"port\": " + std::to_string(invocation) + "}"};
}

void TestDebugBars::hold(std::vector<DebugView> views)
{
    auto next = sample::busySnapshot();
    next->debugged = std::move(views);
    m_port->publish(next);
}

QStringList TestDebugBars::said() const
{
    QStringList texts;
    for (const MessageBar* bar : m_bars->findChildren<MessageBar*>())
        texts << bar->text();
    return texts;
}

QPushButton* TestDebugBars::button(const QString& text, int bar) const
{
    for (QPushButton* button :
         m_bars->findChildren<MessageBar*>().at(bar)->findChildren<QPushButton*>())
        if (button->text() == text && button->isVisibleTo(m_bars))
            return button;
    return nullptr;
}

void TestDebugBars::whileNothingIsHeldThereIsNothing()
{
    QVERIFY(!m_bars->isVisibleTo(m_window.get()));
    hold({view(4, 0, Phase::Waiting)});
    QVERIFY(m_bars->isVisibleTo(m_window.get()));
    hold({});
    QVERIFY(!m_bars->isVisibleTo(m_window.get()));
    QTRY_VERIFY(said().isEmpty());
}

void TestDebugBars::itSaysWhereAndHowToAttach()
{
    hold({view(4, 0, Phase::Waiting)});
    const QString name
        = QString::fromStdString(m_port->snapshot()->workspace->functions.front().name);
    QCOMPARE(said(),
             QStringList{
                 name + QStringLiteral(" holds an event: attach a debugger to 127.0.0.1:5674.")});
    QCOMPARE(m_bars->findChild<MessageBar*>()->toolTip(),
             QStringLiteral("Set a breakpoint first."));
    QTest::mouseClick(button(QStringLiteral("Copy launch configuration")), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("{\"port\": 4}"));
    QTest::mouseClick(button(QStringLiteral("Run without debugger")), Qt::LeftButton);
    QTest::mouseClick(button(QStringLiteral("Cancel attempt")), Qt::LeftButton);
    QCOMPARE(m_port->asked,
             (QStringList{QStringLiteral("releaseDebugger 4"), QStringLiteral("cancel 4")}));
}

void TestDebugBars::eachAttemptHasABarOfItsOwn()
{
    hold({view(4, 0, Phase::Waiting), view(5, 1, Phase::Waiting)});
    QCOMPARE(said().size(), 2);
    QVERIFY(said().at(1).contains(QStringLiteral("127.0.0.1:5675")));
    QTest::mouseClick(button(QStringLiteral("Cancel attempt"), 1), Qt::LeftButton);
    QCOMPARE(m_port->asked, QStringList{QStringLiteral("cancel 5")});
    hold({view(5, 1, Phase::Attached)});
    QTRY_COMPARE(said().size(), 1);
    QVERIFY(said().at(0).contains(QStringLiteral("a debugger is attached at 127.0.0.1:5675")));
}

void TestDebugBars::eachPhaseHasItsWordsAndWaysOut_data()
{
    QTest::addColumn<int>("phase");
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("copies");
    QTest::addColumn<bool>("releases");
    const auto row
        = [](const char* name, Phase phase, const char* words, bool copies, bool releases) {
              QTest::newRow(name) << static_cast<int>(phase) << words << copies << releases;
          };
    row("starting", Phase::Starting, "to be held for a debugger", false, false);
    row("waiting", Phase::Waiting, "attach a debugger to", true, true);
    row("attached", Phase::Attached, "timeout stands still", false, false);
    row("failed", Phase::Failed, "cannot be debugged: python3 has no debugpy", false, true);
    row("released", Phase::Released, "goes on without a debugger", false, false);
}

void TestDebugBars::eachPhaseHasItsWordsAndWaysOut()
{
    QFETCH(const int, phase);
    QFETCH(const QString, words);
    QFETCH(const bool, copies);
    QFETCH(const bool, releases);
    hold({view(4, 0, static_cast<Phase>(phase))});
    QVERIFY2(said().at(0).contains(words), qPrintable(said().at(0)));
    QCOMPARE(button(QStringLiteral("Copy launch configuration")) != nullptr, copies);
    QCOMPARE(button(QStringLiteral("Run without debugger")) != nullptr, releases);
    QVERIFY(button(QStringLiteral("Cancel attempt")));
}

QTEST_MAIN(TestDebugBars)
#include "tst_debug_bars.moc"

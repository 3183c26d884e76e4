#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableWidget>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>

#include "sample_snapshot.h"
#include "ui/result/diff_view.h"
#include "ui/result/result_pane.h"
#include "ui/theme/theme_manager.h"
#include "ui/widgets/log_view.h"
#include "ui/widgets/stat_box.h"

using namespace coldframe;
using namespace coldframe::ui;

/// The result pane with clicks: links in logs, differences of outputs, cancelling.
class TestResultPane : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_pane.reset(); }
    void aTracebackLineIsClicked();
    void enterOpensTheLineWithTheCursor();
    void firstResultHasNothingToCompareWith();
    void secondResultIsComparedWithTheFirst();
    void aChosenAttemptIsComparedUntilUnpinned();
    void outputChangesOf_data();
    void outputChangesOf();
    void captionsAreNeverCut();
    void theLogOfTheFirstRunGivesWayToItsOutput();
    void cancelIsThereWhileItCanBeUsed();

private:
    session::Answer answer(const char* id, const char* payload, const char* log = "");
    QStringList cells() const;
    QString summary() const { return m_pane->findChild<DiffView*>()->findChild<QLabel*>()->text(); }
    void openTab(const QString& title);

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<ResultPane> m_pane;
};

void TestResultPane::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_themes = std::make_unique<ThemeManager>();
    qRegisterMetaType<SourceLink>();
}

void TestResultPane::init()
{
    m_pane = std::make_unique<ResultPane>();
    m_pane->resize(600, 700);
    m_pane->setFunction(QStringLiteral("f"), QStringLiteral("/code"));
    m_pane->show();
    QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
}

session::Answer TestResultPane::answer(const char* id, const char* payload, const char* log)
{
    session::Answer made = sample::coldAnswer();
    made.requestId = id;
    made.payload = payload;
    made.log = log;
    return made;
}

QStringList TestResultPane::cells() const
{
    const auto* table = m_pane->findChild<DiffView*>()->findChild<QTableWidget*>();
    QStringList found;
    for (int row = 0; row < table->rowCount(); ++row)
        for (int column = 0; column < table->columnCount(); ++column)
            found << table->item(row, column)->text();
    return found;
}

void TestResultPane::openTab(const QString& title)
{
    auto* tabs = m_pane->findChild<QTabWidget*>();
    for (int tab = 0; tab < tabs->count(); ++tab)
        if (tabs->tabText(tab) == title) {
            QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {},
                              tabs->tabBar()->tabRect(tab).center());
            QCOMPARE(tabs->currentIndex(), tab);
            return;
        }
    QFAIL(qPrintable(title));
}

void TestResultPane::aTracebackLineIsClicked()
{
    m_pane->showAnswer(QStringLiteral("f"),
                       answer("a", "null", "hello\n  File \"app.py\", line 12, in handler\nend\n"));
    openTab(QStringLiteral("Logs"));
    auto* log = m_pane->findChild<LogView*>();
    QCOMPARE(log->links().size(), 1);
    QSignalSpy wanted(m_pane.get(), &ResultPane::sourceWanted);
    const auto middle = [&](int line, int column) {
        QTextCursor cursor(log->document()->findBlockByNumber(line));
        cursor.movePosition(QTextCursor::Right, QTextCursor::MoveAnchor, column);
        return log->cursorRect(cursor).center();
    };
    QTest::mouseClick(log->viewport(), Qt::LeftButton, {}, middle(0, 2));
    QCOMPARE(wanted.count(), 0);
    QTest::mouseClick(log->viewport(), Qt::LeftButton, {}, middle(1, 12));
    QCOMPARE(wanted.count(), 1);
    const auto link = wanted[0][0].value<SourceLink>();
    QCOMPARE(link.file, QStringLiteral("/code/app.py"));
    QCOMPARE(link.line, 12);
}

void TestResultPane::enterOpensTheLineWithTheCursor()
{
    m_pane->showAnswer(QStringLiteral("f"), answer("a", "null", "hello\n    at f (/w/i.js:5:9)\n"));
    openTab(QStringLiteral("Logs"));
    auto* log = m_pane->findChild<LogView*>();
    log->setFocus();
    QSignalSpy wanted(m_pane.get(), &ResultPane::sourceWanted);
    QTest::keyClick(log, Qt::Key_Return);
    QCOMPARE(wanted.count(), 0);
    QTest::keyClick(log, Qt::Key_Down);
    QTest::keyClick(log, Qt::Key_Return);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted[0][0].value<SourceLink>().column, 9);
}

void TestResultPane::firstResultHasNothingToCompareWith()
{
    m_pane->showAnswer(QStringLiteral("f"), answer("a", "{}"));
    openTab(QStringLiteral("Diff"));
    QVERIFY(summary().startsWith(QStringLiteral("Nothing to compare with yet.")));
    QVERIFY(!m_pane->findChild<DiffView*>()->findChild<QTableWidget*>()->isVisible());
}

void TestResultPane::secondResultIsComparedWithTheFirst()
{
    m_pane->showAnswer(QStringLiteral("f"), answer("a", R"({"status":200,"old":1})"));
    openTab(QStringLiteral("Diff"));
    m_pane->showAnswer(QStringLiteral("f"), answer("b", R"({"status":500,"new":[1]})"));
    QVERIFY2(summary().startsWith(QStringLiteral("3 differences from the result before")),
             qPrintable(summary()));
    QCOMPARE(cells(),
             QStringList({"~ /status", "200", "500", "− /old", "1", "", "+ /new", "", "[1]"}));
    // Another function's answers are none of its business.
    m_pane->showAnswer(QStringLiteral("g"), answer("c", "7"));
    QCOMPARE(cells().size(), 9);
    m_pane->showAnswer(QStringLiteral("f"), answer("d", R"({"new":[1],"status":500.0})"));
    QVERIFY2(summary().startsWith(QStringLiteral("No difference from")), qPrintable(summary()));
}

void TestResultPane::aChosenAttemptIsComparedUntilUnpinned()
{
    m_pane->showAnswer(QStringLiteral("f"), answer("a", "1"));
    m_pane->showAnswer(QStringLiteral("f"), answer("b", "2"));
    m_pane->compareWith(answer("c", "3"));
    QCOMPARE(m_pane->findChild<QTabWidget*>()->currentWidget(),
             static_cast<QWidget*>(m_pane->findChild<DiffView*>()));
    QCOMPARE(cells(), QStringList({"~ the whole output", "3", "2"}));
    QVERIFY(summary().startsWith(QStringLiteral("1 difference from the attempt of")));
    m_pane->showAnswer(QStringLiteral("f"), answer("d", "4"));
    QCOMPARE(cells(), QStringList({"~ the whole output", "3", "4"}));
    auto* unpin = m_pane->findChild<DiffView*>()->findChild<QPushButton*>();
    QVERIFY(unpin->isVisible());
    QTest::mouseClick(unpin, Qt::LeftButton);
    QCOMPARE(cells(), QStringList({"~ the whole output", "2", "4"}));
    QVERIFY(!unpin->isVisible());
}

void TestResultPane::outputChangesOf_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<int>("changes");
    QTest::newRow("same JSON, written differently")
        << QByteArray(R"({"a":1,"b":2})") << QByteArray("{ \"b\": 2.0, \"a\": 1 }") << 0;
    QTest::newRow("same text") << QByteArray("plain") << QByteArray("plain") << 0;
    QTest::newRow("other text") << QByteArray("plain") << QByteArray("other") << 1;
    QTest::newRow("JSON and text") << QByteArray("{\"a\":1,\"b\":2}") << QByteArray("x") << 1;
    QTest::newRow("nothing and something") << QByteArray() << QByteArray("1") << 1;
    QTest::newRow("two places") << QByteArray("[1,2,3]") << QByteArray("[0,2,4]") << 2;
}

void TestResultPane::outputChangesOf()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QTEST(static_cast<int>(outputChanges(before.toStdString(), after.toStdString(), 100).size()),
          "changes");
}

/// A caption says whether the figure is measured or modelled: no width may cut it.
void TestResultPane::captionsAreNeverCut()
{
    session::Answer answer;
    answer.reasonText
        = "Cold: the function had no instance yet: 0.9 ms spawn + 28 ms init measured, "
          "120 ms sandbox modelled.";
    m_pane->showAnswer(QStringLiteral("f"), answer);
    for (const int width : {300, 360, 440, 520, 700}) {
        m_pane->resize(width, 260);
        QCoreApplication::processEvents();
        for (const StatBox* box : m_pane->findChildren<StatBox*>())
            if (m_pane->width() >= 360)
                QVERIFY2(box->width() >= box->captionWidth()
                             && box->height() >= box->sizeHint().height(),
                         qPrintable(box->accessibleName() + QString::number(width)));
    }
}

void TestResultPane::theLogOfTheFirstRunGivesWayToItsOutput()
{
    auto* tabs = m_pane->findChild<QTabWidget*>();
    m_pane->forgetAll();
    m_pane->setFunction(QStringLiteral("f"));
    m_pane->showRunning(QStringLiteral("f"));
    m_pane->showRunningLog(QStringLiteral("f"), 7, "working\n");
    QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("Logs"));
    m_pane->showAnswer(QStringLiteral("f"), {});
    QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("Output"));
    // Whoever looks at the log goes on looking at the log.
    tabs->setCurrentIndex(1);
    m_pane->showRunningLog(QStringLiteral("f"), 8, "again\n");
    m_pane->showAnswer(QStringLiteral("f"), {});
    QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("Logs"));
}

void TestResultPane::cancelIsThereWhileItCanBeUsed()
{
    QAction cancel(QStringLiteral("Cancel attempt"));
    cancel.setEnabled(false);
    m_pane->setCancelAction(&cancel);
    QToolButton* button = nullptr;
    for (QToolButton* found : m_pane->findChildren<QToolButton*>())
        if (found->defaultAction() == &cancel)
            button = found;
    QVERIFY(button && !button->isVisible());
    m_pane->showRunning(QStringLiteral("f"));
    cancel.setEnabled(true);
    QVERIFY(button->isVisible());
    QSignalSpy triggered(&cancel, &QAction::triggered);
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(triggered.count(), 1);
    cancel.setEnabled(false);
    QVERIFY(!button->isVisible());
}

QTEST_MAIN(TestResultPane)
#include "tst_result_pane.moc"

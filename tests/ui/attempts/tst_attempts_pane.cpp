#include <QClipboard>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include "made_up_attempts.h"
#include "ui/attempts/attempts_model.h"
#include "ui/attempts/attempts_pane.h"
#include "ui/attempts/attempts_table.h"
#include "ui/attempts/chip.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;
using attempts_test::MadeUpRun;

/// COLDFRAME_PICTURES=<folder> keeps pictures of the pane in both themes, for comparing by eye.
class TestAttemptsPane : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_themes = std::make_unique<ThemeManager>(); }
    void cleanupTestCase() { m_themes.reset(); }
    void init();
    void cleanup() { m_pane.reset(); }
    void typingFiltersAfterAMoment();
    void enterFiltersAtOnceAndEscapeClears();
    void aBadTermIsNamedAndChangesNothing();
    void chipsFilterAndCount();
    void controlFGoesToTheFilter();
    void clickAndKeysActivate();
    void scrolledAwayTheViewStaysInPlace();
    void selectInvocationFindsItBehindAFilter();
    void menuCopies();
    void hiddenPaneKeepsOnlyTheNewest();
    void emptyTableTeaches();
    void aPageShowsEachOfItsRows();
    void pictures();

private:
    QLineEdit* filter() { return m_pane->findChild<QLineEdit*>(); }
    Chip* chip(const char* text);
    bool says(const QString& part);
    void show(MadeUpRun& run, std::uint64_t rows);

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<AttemptsPane> m_pane;
};

void TestAttemptsPane::init()
{
    m_pane = std::make_unique<AttemptsPane>();
    m_pane->resize(940, 300);
    m_pane->show();
    QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
}

Chip* TestAttemptsPane::chip(const char* text)
{
    for (Chip* made : m_pane->findChildren<Chip*>())
        if (made->text() == QLatin1String(text))
            return made;
    return nullptr;
}

bool TestAttemptsPane::says(const QString& part)
{
    for (const QLabel* label : m_pane->findChildren<QLabel*>())
        if (label->isVisible() && label->text().contains(part))
            return true;
    return false;
}

void TestAttemptsPane::show(MadeUpRun& run, std::uint64_t rows)
{
    run.append(rows);
    const auto snapshot = run.snapshot();
    m_pane->show(snapshot);
    QTRY_COMPARE(m_pane->model()->total(), snapshot->attempts.endRow());
}

void TestAttemptsPane::typingFiltersAfterAMoment()
{
    MadeUpRun run;
    show(run, 200);
    QVERIFY(says(QStringLiteral("200 attempts · following")));
    QTest::keyClicks(filter(), QStringLiteral("fn:csv*"));
    QCOMPARE(m_pane->model()->rowCount(), 200);
    QTRY_VERIFY(m_pane->model()->rowCount() < 200);
    const int found = m_pane->model()->rowCount();
    QVERIFY(says(QStringLiteral("%1 of 200 attempts").arg(found)));
}

void TestAttemptsPane::enterFiltersAtOnceAndEscapeClears()
{
    MadeUpRun run;
    show(run, 200);
    QTest::keyClicks(filter(), QStringLiteral("cold:yes"));
    QTest::keyClick(filter(), Qt::Key_Return);
    QVERIFY(m_pane->model()->rowCount() < 200);
    QTest::keyClick(filter(), Qt::Key_Escape);
    QCOMPARE(m_pane->model()->rowCount(), 200);
    QVERIFY(filter()->text().isEmpty());
}

void TestAttemptsPane::aBadTermIsNamedAndChangesNothing()
{
    MadeUpRun run;
    show(run, 200);
    QTest::keyClicks(filter(), QStringLiteral("status:eror"));
    QTest::keyClick(filter(), Qt::Key_Return);
    QVERIFY(says(QStringLiteral("“status:eror”: there is no such status.")));
    QCOMPARE(m_pane->model()->rowCount(), 200);
    filter()->clear();
    QTest::keyClicks(filter(), QStringLiteral("status:error"));
    QTest::keyClick(filter(), Qt::Key_Return);
    QVERIFY(!says(QStringLiteral("there is no such status")));
    QVERIFY(m_pane->model()->rowCount() < 200);
}

void TestAttemptsPane::chipsFilterAndCount()
{
    MadeUpRun run;
    show(run, 220);
    QVERIFY(chip("All")->isChecked());
    QTest::mouseClick(chip("Throttled"), Qt::LeftButton);
    QCOMPARE(QString::number(m_pane->model()->rowCount()), chip("Throttled")->count());
    QTest::mouseClick(chip("Errors"), Qt::LeftButton);
    QCOMPARE(QString::number(m_pane->model()->rowCount()), chip("Errors")->count());
    QTest::mouseClick(chip("Cold starts"), Qt::LeftButton);
    QCOMPARE(QString::number(m_pane->model()->rowCount()), chip("Cold starts")->count());
    const int cold = m_pane->model()->rowCount();
    QTest::keyClicks(filter(), QStringLiteral("fn:thumb*"));
    QTest::keyClick(filter(), Qt::Key_Return);
    QVERIFY2(m_pane->model()->rowCount() < cold, "chip and text hold together");
    QTest::keyClick(filter(), Qt::Key_Escape);
    QVERIFY(chip("All")->isChecked());
    QCOMPARE(m_pane->model()->rowCount(), 220);
}

void TestAttemptsPane::controlFGoesToTheFilter()
{
    m_pane->table()->setFocus();
    QVERIFY(!filter()->hasFocus());
    QTest::keyClick(m_pane->table(), Qt::Key_F, Qt::ControlModifier);
    QTRY_VERIFY(filter()->hasFocus());
    QTest::keyClick(filter(), Qt::Key_Down);
    QTRY_VERIFY(m_pane->table()->hasFocus());
}

void TestAttemptsPane::clickAndKeysActivate()
{
    MadeUpRun run;
    show(run, 50);
    QList<std::uint32_t> chosen;
    connect(m_pane.get(), &AttemptsPane::attemptActivated, this,
            [&](const history::AttemptRow& row) { chosen.append(row.invocation); });
    AttemptsTable* table = m_pane->table();
    const auto centre
        = [&](int row) { return table->visualRect(m_pane->model()->index(row, 1)).center(); };
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, centre(2));
    QCOMPARE(chosen, (QList<std::uint32_t>{48}));
    QTest::keyClick(table, Qt::Key_Down);
    QTRY_COMPARE(chosen, (QList<std::uint32_t>{48, 47}));
    QTest::keyClick(table, Qt::Key_Return);
    QTRY_COMPARE(chosen, (QList<std::uint32_t>{48, 47, 47}));
}

void TestAttemptsPane::scrolledAwayTheViewStaysInPlace()
{
    MadeUpRun run;
    show(run, 500);
    AttemptsTable* table = m_pane->table();
    QTRY_VERIFY(table->verticalScrollBar()->maximum() > 100);
    table->verticalScrollBar()->setValue(100);
    const auto top = [&] { return m_pane->model()->attempt(table->rowAt(1)).invocation; };
    const std::uint32_t read = top();
    show(run, 204);
    QCOMPARE(top(), read);
    QVERIFY(says(QStringLiteral("204 newer")));
    table->follow();
    QCOMPARE(top(), std::uint32_t(704));
    QVERIFY(says(QStringLiteral("following")));
    show(run, 10);
    QCOMPARE(top(), std::uint32_t(714));
}

void TestAttemptsPane::selectInvocationFindsItBehindAFilter()
{
    MadeUpRun run;
    show(run, 300);
    QTest::keyClicks(filter(), QStringLiteral("status:throttled"));
    QTest::keyClick(filter(), Qt::Key_Return);
    QSignalSpy activated(m_pane.get(), &AttemptsPane::attemptActivated);
    QVERIFY(m_pane->selectInvocation(2));
    QCOMPARE(activated.count(), 1);
    QCOMPARE(m_pane->model()->rowCount(), 300);
    QCOMPARE(m_pane->model()->attempt(m_pane->table()->currentIndex().row()).invocation, 2U);
    QVERIFY(!m_pane->selectInvocation(99'999));
}

void TestAttemptsPane::menuCopies()
{
    MadeUpRun run;
    show(run, 20);
    AttemptsTable* table = m_pane->table();
    const QPoint at = table->visualRect(m_pane->model()->index(1, 1)).center();
    Q_EMIT table->customContextMenuRequested(at);
    auto* menu = m_pane->findChild<QMenu*>();
    QVERIFY(menu);
    const QString id = QString::fromStdString(history::toText(MadeUpRun::row(18).requestId));
    menu->actions()[0]->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), id);
    menu->actions()[1]->trigger();
    const QJsonObject row
        = QJsonDocument::fromJson(QGuiApplication::clipboard()->text().toUtf8()).object();
    QCOMPARE(row[QLatin1String("requestId")].toString(), id);
    QCOMPARE(row[QLatin1String("invocation")].toInt(), 19);
    menu->close();
}

void TestAttemptsPane::hiddenPaneKeepsOnlyTheNewest()
{
    MadeUpRun run;
    m_pane->hide();
    run.append(10);
    m_pane->show(run.snapshot());
    run.append(10);
    m_pane->show(run.snapshot());
    QCOMPARE(m_pane->model()->rowCount(), 0);
    m_pane->show();
    QCOMPARE(m_pane->model()->rowCount(), 20);
}

void TestAttemptsPane::emptyTableTeaches()
{
    QVERIFY(m_pane->table()->accessibleDescription().startsWith(QStringLiteral("No attempts yet")));
    MadeUpRun run;
    show(run, 20);
    QTest::keyClicks(filter(), QStringLiteral("fn:nothing"));
    QTest::keyClick(filter(), Qt::Key_Return);
    QVERIFY(
        m_pane->table()->accessibleDescription().contains(QStringLiteral("No attempt matches")));
}

/// Of 100,000 rows, those in sight are painted, in the model's order; how long that takes is
/// bench_painting's.
void TestAttemptsPane::aPageShowsEachOfItsRows()
{
    MadeUpRun run;
    show(run, 100'000);
    m_pane->resize(940, 560);
    const AttemptsTable* table = m_pane->table();
    const QImage picture = table->viewport()->grab().toImage();
    const auto rowOf = [&](int row) {
        const QRect cell = table->visualRect(m_pane->model()->index(row, 0)); // the time: unique
        return picture.copy(cell.intersected(picture.rect()));
    };
    const int rows = table->rowAt(picture.height() - 1);
    QVERIFY2(rows > 10 && rows < 100, QByteArray::number(rows));
    for (int row = 0; row + 1 < rows; ++row) {
        QVERIFY2(rowOf(row) != rowOf(row + 1), QByteArray::number(row));
        const QImage cell = rowOf(row);
        QSet<QRgb> colours;
        for (int x = 0; x < cell.width(); ++x)
            colours.insert(cell.pixel(x, cell.height() / 2));
        QVERIFY2(colours.size() > 2, QByteArray::number(row)); // text, not an empty cell
    }
}

void TestAttemptsPane::pictures()
{
    const QString folder = qEnvironmentVariable("COLDFRAME_PICTURES");
    if (folder.isEmpty())
        QSKIP("COLDFRAME_PICTURES names no folder");
    const auto save = [&](const char* name) {
        QCoreApplication::processEvents();
        QVERIFY(m_pane->grab().save(folder + QLatin1String(name)));
    };
    m_themes->setMode(ThemeMode::Light);
    m_pane->setTheme(m_themes->theme());
    save("/attempts_empty.png");
    MadeUpRun run;
    show(run, 2000);
    m_pane->table()->selectRow(2);
    save("/attempts_light.png");
    m_themes->setMode(ThemeMode::Dark);
    m_pane->setTheme(m_themes->theme());
    save("/attempts_dark.png");
    QTest::keyClicks(filter(), QStringLiteral("status:eror"));
    QTest::keyClick(filter(), Qt::Key_Return);
    m_pane->table()->verticalScrollBar()->setValue(40);
    show(run, 30);
    save("/attempts_problem.png");
}

QTEST_MAIN(TestAttemptsPane)
#include "tst_attempts_pane.moc"

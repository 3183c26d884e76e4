#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QImage>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTreeView>

#include "made_up_port.h"
#include "made_up_recording.h"
#include "sample_snapshot.h"
#include "ui/charts/study_card.h"
#include "ui/charts/study_chart.h"
#include "ui/explorer/explorer_pane.h"
#include "ui/replay/recording_dialog.h"
#include "ui/replay/replay_charts.h"
#include "ui/replay/replay_field.h"
#include "ui/replay/replay_form.h"
#include "ui/replay/replay_model.h"
#include "ui/replay/replay_page.h"
#include "ui/replay/replay_view.h"
#include "ui/shell/main_window.h"
#include "ui/shell/workspace_area.h"
#include "ui/simulate/study_head.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

constexpr int kPatienceMs = 60'000;

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// A recording played again with something changed, used from a chair.
class TestReplayPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void showsWhatWasRecorded();
    void fromTheKeyboardToBothRuns();
    void wrongValuesAreMarkedAndNotPlayed_data();
    void wrongValuesAreMarkedAndNotPlayed();
    void eachFunctionKeepsItsValues();
    void theCommandIsTheSame();
    void escCancelsAndKeepsTheLastResult();
    void whatCannotBeReadIsSaid();
    void anEmptyOneSaysSo();
    void exportsPicturesDrawingsAndTables();
    void theWindowOpensItFromTheExplorer();
    void theDialogOffersWhatWasRecorded();
    void aRecordingIsOpenedAsOne();

private:
    QString recording() const { return m_folder->filePath(QStringLiteral("rec/20260101-1")); }
    std::unique_ptr<ReplayPage> page(const QString& path);
    bool opened(const ReplayPage& page) const
    {
        return QTest::qWaitFor([&] { return !page.isRunning(); }, kPatienceMs) && page.study();
    }
    bool runToTheEnd(ReplayPage& page) const
    {
        page.run();
        return QTest::qWaitFor([&] { return !page.isRunning(); }, kPatienceMs)
            && page.view()->isPlayed();
    }
    ReplayField* field(const ReplayPage& page, const char* path) const
    {
        for (ReplayField* each : page.form()->findChildren<ReplayField*>())
            if (QLatin1String(each->setting().path) == QLatin1String(path))
                return each;
        return nullptr;
    }
    QString figure(const ReplayPage& page, const char* title, int column) const
    {
        const ReplayModel& model = *page.view()->model();
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.index(row, 0).data().toString() == QString::fromUtf8(title))
                return model.index(row, column).data().toString();
        return {};
    }
    QComboBox* functions(const ReplayPage& page) const
    {
        for (QComboBox* box : page.form()->findChildren<QComboBox*>())
            if (box->findText(QStringLiteral("mails")) >= 0)
                return box;
        return nullptr;
    }
    std::unique_ptr<MainWindow> window();

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestReplayPage::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_replay_page"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_themes = std::make_unique<ThemeManager>();
    m_folder = std::make_unique<QTemporaryDir>();
    sample::makeRecording(recording());
}

void TestReplayPage::init()
{
    QSettings().clear();
}

std::unique_ptr<ReplayPage> TestReplayPage::page(const QString& path)
{
    auto made
        = std::make_unique<ReplayPage>(path, QStringLiteral(COLDFRAME_SOURCE_DIR "/resources"));
    made->resize(1300, 850);
    made->show();
    return QTest::qWaitForWindowActive(made.get()) ? std::move(made) : nullptr;
}

void TestReplayPage::showsWhatWasRecorded()
{
    const auto open = page(recording());
    QVERIFY(open);
    QVERIFY(opened(*open));
    QVERIFY2(open->about().contains(u"decided as recorded"), qPrintable(open->about()));
    QCOMPARE(open->view()->head()->state(), QStringLiteral("As recorded"));
    QCOMPARE(figure(*open, "Throttled", ReplayModel::Recorded), QStringLiteral("40"));
    QCOMPARE(figure(*open, "Throttled", ReplayModel::Replayed), QStringLiteral("–"));
    QVERIFY(open->canRun() && open->hasResult() && !open->view()->isPlayed());
    QCOMPARE(field(*open, "memoryMb")->placeholderText(), QStringLiteral("512"));
    QCOMPARE(field(*open, "reservedConcurrency")->placeholderText(), QStringLiteral("none"));
    QVERIFY(field(*open, "memoryMb")->help().contains(u"from 128 to 10240"));
    for (const StudyCard* card : open->view()->charts()->cards())
        QVERIFY2(!card->chart()->lines().empty(), qPrintable(card->title()));
}

void TestReplayPage::fromTheKeyboardToBothRuns()
{
    const auto open = page(recording());
    QVERIFY(open && opened(*open));
    functions(*open)->setCurrentText(QStringLiteral("mails"));
    ReplayField* reserved = field(*open, "reservedConcurrency");
    QCOMPARE(reserved->placeholderText(), QStringLiteral("1"));
    reserved->setFocus();
    QTest::keyClicks(reserved, QStringLiteral("5"));
    QCOMPARE(open->form()->settings(),
             std::vector<std::string>{"functions.mails.reservedConcurrency=5"});
    QTest::keyClick(reserved, Qt::Key_Return);
    QVERIFY(open->isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(open->view()->isPlayed() && !open->isRunning(), kPatienceMs);
    QCOMPARE(open->view()->head()->state(), QStringLiteral("Replayed"));
    QCOMPARE(figure(*open, "Throttled", ReplayModel::Replayed), QStringLiteral("0"));
    QCOMPARE(figure(*open, "Throttled", ReplayModel::Percent), QStringLiteral("−100 %"));
    const QString said = open->view()->origins();
    QVERIFY2(said.contains(u"mails.reservedConcurrency=5") && said.contains(u"drawn"),
             qPrintable(said));
    const auto cards = open->view()->charts()->cards();
    QCOMPARE(cards[0]->chart()->lines().size(), std::size_t{4});
    QCOMPARE(cards.size(), 6);
    QCOMPARE(cards[5]->chart()->lines().size(), std::size_t{2});
    QVERIFY(cards[0]->figureOf().startsWith(u"peak · was "));
    // F5, the habit of the window, plays it again.
    QTest::keyClick(reserved, Qt::Key_F5);
    QVERIFY(open->isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(!open->isRunning(), kPatienceMs);
}

void TestReplayPage::wrongValuesAreMarkedAndNotPlayed_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("part");
    QTest::newRow("too little memory") << "memoryMb"
                                       << "64"
                                       << "from 128 to 10240";
    QTest::newRow("no number") << "pool.keepAliveS"
                               << "long"
                               << "or null, not \"long\"";
    QTest::newRow("too many arrivals") << "arrivals.rateFactor"
                                       << "1e9"
                                       << "up to 1000";
}

void TestReplayPage::wrongValuesAreMarkedAndNotPlayed()
{
    QFETCH(QString, path);
    QFETCH(QString, value);
    QFETCH(QString, part);
    const auto open = page(recording());
    QVERIFY(open && opened(*open));
    ReplayField* wrong = field(*open, path.toLatin1());
    wrong->setText(value);
    QVERIFY(wrong->property("problem").toBool());
    QVERIFY2(open->form()->problem().contains(part), qPrintable(open->form()->problem()));
    QVERIFY(!open->canRun());
    open->run();
    QVERIFY(!open->isRunning());
    wrong->clear();
    QVERIFY(!wrong->property("problem").toBool() && open->form()->settings().empty());
    QVERIFY(open->form()->problem().isEmpty() && open->canRun());
}

void TestReplayPage::eachFunctionKeepsItsValues()
{
    const auto open = page(recording());
    QVERIFY(open && opened(*open));
    functions(*open)->setFocus(); // the fields follow it in the order of the keys
    QTest::keyClick(functions(*open), Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), field(*open, "memoryMb"));
    field(*open, "memoryMb")->setText(QStringLiteral("1024"));
    functions(*open)->setCurrentText(QStringLiteral("mails"));
    QVERIFY(field(*open, "memoryMb")->text().isEmpty());
    field(*open, "memoryMb")->setText(QStringLiteral("256"));
    functions(*open)->setCurrentText(QStringLiteral("orders"));
    QCOMPARE(field(*open, "memoryMb")->text(), QStringLiteral("1024"));
    QCOMPARE(open->form()->settings(),
             (std::vector<std::string>{"functions.mails.memoryMb=256",
                                       "functions.orders.memoryMb=1024"}));
    open->form()->set("platform", QStringLiteral("aws-lambda-arm64"));
    QCOMPARE(open->form()->settings().size(), std::size_t{3});
    open->form()->clear();
    QVERIFY(open->form()->settings().empty());
    QVERIFY(field(*open, "memoryMb")->text().isEmpty());
}

void TestReplayPage::theCommandIsTheSame()
{
    const auto open = page(recording());
    QVERIFY(open && opened(*open));
    open->form()->set("functions.mails.reservedConcurrency", QStringLiteral("null"));
    for (QPushButton* button : open->form()->findChildren<QPushButton*>())
        if (button->text() == QStringLiteral("Copy command"))
            QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(),
             QStringLiteral("coldframe replay %1 --set functions.mails.reservedConcurrency=null")
                 .arg(recording()));
}

void TestReplayPage::escCancelsAndKeepsTheLastResult()
{
    const auto open = page(recording());
    QVERIFY(open && opened(*open) && runToTheEnd(*open));
    QCOMPARE(figure(*open, "Throttled", ReplayModel::Difference), QStringLiteral("same"));
    ReplayField* rate = field(*open, "arrivals.rateFactor");
    rate->setFocus();
    rate->setText(QStringLiteral("1000"));
    QTest::keyClick(rate, Qt::Key_Return);
    QVERIFY(open->isRunning());
    QTest::keyClick(rate, Qt::Key_Escape);
    QTRY_COMPARE_WITH_TIMEOUT(open->view()->head()->state(),
                              QStringLiteral("Cancelled · this is the result before"), kPatienceMs);
    QCOMPARE(figure(*open, "Throttled", ReplayModel::Difference), QStringLiteral("same"));
}

void TestReplayPage::whatCannotBeReadIsSaid()
{
    const auto open = page(m_folder->filePath(QStringLiteral("nowhere")));
    QVERIFY(open);
    QTRY_COMPARE_WITH_TIMEOUT(open->view()->head()->state(), QStringLiteral("Cannot be read"),
                              kPatienceMs);
    QVERIFY(!open->canRun() && !open->hasResult());
    QVERIFY(!open->view()->exportTo(m_folder->filePath(QStringLiteral("a.png"))).isEmpty());
    sample::makeRecording(m_folder->filePath(QStringLiteral("nowhere")), 50);
    open->open();
    QVERIFY(opened(*open));
    QDir(m_folder->filePath(QStringLiteral("nowhere"))).removeRecursively();
}

void TestReplayPage::anEmptyOneSaysSo()
{
    const QString path = m_folder->filePath(QStringLiteral("empty"));
    sample::makeRecording(path, 0);
    const auto open = page(path);
    QVERIFY(open && opened(*open));
    QCOMPARE(open->view()->head()->state(), QStringLiteral("Nothing came yet"));
    QVERIFY2(open->about().contains(u"1 input, "), qPrintable(open->about()));
    QVERIFY(!open->canRun() && !open->hasResult());
    QDir(path).removeRecursively();
}

void TestReplayPage::exportsPicturesDrawingsAndTables()
{
    const auto open = page(recording());
    QVERIFY(open && opened(*open));
    open->form()->set("pool.keepAliveS", QStringLiteral("0"));
    QVERIFY(runToTheEnd(*open));
    const auto exported = [&](const char* name) {
        const QString path = m_folder->filePath(QLatin1String(name));
        return open->view()->exportTo(path).isEmpty() ? contentOf(path) : QByteArray();
    };
    const QImage picture = QImage::fromData(exported("a.png"));
    QVERIFY(picture.height() > 4 * open->view()->charts()->cards().front()->chart()->height());
    const QByteArray drawing = exported("a.svg");
    for (const char* part : {"<svg", "Concurrency", "Latency", "Cost", "in use · recorded"})
        QVERIFY2(drawing.contains(part), part);
    QVERIFY2(!drawing.contains("<image"), "the drawing holds a picture");
    QVERIFY(exported("a.csv").startsWith("function,figure,unit,basis,recorded,replayed"));
    QVERIFY(exported("a.series.csv").startsWith("fromS,recorded.arrived"));
    QVERIFY(open->view()
                ->exportTo(QStringLiteral("/nowhere/at/all.svg"))
                .contains(u"/nowhere/at/all.svg"));
}

std::unique_ptr<MainWindow> TestReplayPage::window()
{
    auto made = std::make_unique<MainWindow>(
        *m_themes, [this](const QString&) -> Result<std::unique_ptr<SessionPort>> {
            auto snapshot = sample::busySnapshot();
            auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
            workspace->folder = m_folder->path().toStdString();
            snapshot->workspace = workspace;
            snapshot->recordingFolder = recording().toStdString();
            return std::make_unique<sample::MadeUpPort>(snapshot);
        });
    made->show();
    return QTest::qWaitForWindowActive(made.get()) ? std::move(made) : nullptr;
}

void TestReplayPage::theWindowOpensItFromTheExplorer()
{
    const auto open = window();
    QVERIFY(open && open->openWorkspace(m_folder->path()));
    auto* explorer = open->findChild<ExplorerPane*>();
    auto* area = open->findChild<WorkspaceArea*>();
    const auto* live = open->findChild<QDockWidget*>(QStringLiteral("dock.live"));
    explorer->select(Section::Recordings, recording()); // as the arrow keys do
    QVERIFY(!area->currentStudy());
    explorer->tree()->setFocus();
    QTest::keyClick(explorer->tree(), Qt::Key_Return);
    ReplayPage* page = area->currentReplay();
    QVERIFY(page);
    QCOMPARE(page->path(), recording());
    QVERIFY(!live->isVisible());
    const auto* tabs = area->findChild<QTabBar*>();
    QVERIFY(tabs->tabText(tabs->currentIndex()).startsWith(u"Replay: "));
    for (const char* ofFunctions : {"run.send", "edit.saveEvent"})
        QVERIFY(!open->actions().action(QLatin1String(ofFunctions))->isEnabled());
    QVERIFY(opened(*page));
    QAction* run = open->actions().action(QStringLiteral("simulate.run"));
    QTRY_VERIFY(run->isEnabled());
    run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(page->view()->isPlayed() && !page->isRunning(), kPatienceMs);
    QVERIFY(open->actions().action(QStringLiteral("simulate.export"))->isEnabled());
    QVERIFY(!open->actions().action(QStringLiteral("simulate.keep"))->isEnabled());
    area->closeCurrentTab();
    QVERIFY(!open->findChild<ReplayPage*>() && live->isVisible());
}

void TestReplayPage::theDialogOffersWhatWasRecorded()
{
    const auto open = window();
    QVERIFY(open && open->openWorkspace(m_folder->path()));
    bool accepted = false;
    QTimer look;
    connect(&look, &QTimer::timeout, this, [&] {
        auto* dialog = qobject_cast<RecordingDialog*>(QApplication::activeModalWidget());
        if (!dialog)
            return;
        look.stop();
        QCOMPARE(dialog->findChild<QListWidget*>()->count(), 1);
        accepted = true;
        QTest::keyClick(dialog, Qt::Key_Return);
    });
    look.start(10);
    open->actions().action(QStringLiteral("file.replay"))->trigger();
    QVERIFY(accepted);
    QVERIFY(open->findChild<WorkspaceArea*>()->currentReplay());
}

void TestReplayPage::aRecordingIsOpenedAsOne()
{
    const auto open = window();
    QVERIFY(open);
    open->enter(recording());
    const ReplayPage* page = open->findChild<WorkspaceArea*>()->currentReplay();
    QVERIFY(page && opened(*page));
    QTRY_COMPARE(QApplication::focusWidget(), field(*page, "arrivals.rateFactor"));
}

QTEST_MAIN(TestReplayPage)
#include "tst_replay_page.moc"

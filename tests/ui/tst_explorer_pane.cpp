#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/explorer/explorer_pane.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;

class TestExplorerPane : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void badgesSayTheState_data();
    void badgesSayTheState();
    void aRealAccountIsSaidInEveryState_data();
    void aRealAccountIsSaidInEveryState();
    void theAccountIsPainted();
    void triggerMenuOffersWhatCanBeDone_data();
    void triggerMenuOffersWhatCanBeDone();
    void keepsSelectionAndOpenSectionsOverSnapshots();
    void filterLeavesTheMatching();
    void showsTestEventsOfTheFolder();

private:
    static std::shared_ptr<session::Snapshot> withAccount();
    static QString badge(ExplorerPane& pane, Section section, const char* key)
    {
        return pane.model()
            .find(section, QLatin1String(key))
            .data(ExplorerModel::BadgeRole)
            .toString();
    }
};

void TestExplorerPane::badgesSayTheState_data()
{
    QTest::addColumn<int>("section");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("badge");
    const int functions = static_cast<int>(Section::Functions);
    const int triggers = static_cast<int>(Section::Triggers);
    QTest::newRow("busy function") << functions << "thumbnails"
                                   << "14 / 50";
    QTest::newRow("throttled function") << functions << "enrich"
                                        << "throttled";
    QTest::newRow("idle function") << functions << "uppercase"
                                   << "idle";
    QTest::newRow("busy trigger") << triggers << "on-upload"
                                  << "93 /s";
    QTest::newRow("trigger with waiting events") << triggers << "enrich-jobs"
                                                 << "1,204 waiting";
    QTest::newRow("schedule") << triggers << "nightly"
                              << "in 3 h";
    QTest::newRow("store") << static_cast<int>(Section::Stores) << "failed"
                           << "17 files";
}

void TestExplorerPane::badgesSayTheState()
{
    QFETCH(int, section);
    QFETCH(QString, key);
    QFETCH(QString, badge);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    sample::MadeUpPort port(sample::busySnapshot());
    ExplorerPane pane;
    pane.setPort(&port);
    QCOMPARE(this->badge(pane, static_cast<Section>(section), qPrintable(key)), badge);
}

/// The first function of the sample runs with the user's own AWS profile.
std::shared_ptr<session::Snapshot> TestExplorerPane::withAccount()
{
    auto snapshot = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->functions[0].inheritAws = "work";
    snapshot->workspace = workspace;
    return snapshot;
}

void TestExplorerPane::aRealAccountIsSaidInEveryState_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("badge");
    QTest::newRow("busy") << "running"
                          << "14 / 50";
    QTest::newRow("throttled") << "throttled"
                               << "throttled";
    QTest::newRow("failing") << "failing"
                             << "failing";
    QTest::newRow("idle") << "idle"
                          << "idle";
}

void TestExplorerPane::aRealAccountIsSaidInEveryState()
{
    QFETCH(QString, state);
    QFETCH(QString, badge);
    auto snapshot = withAccount();
    snapshot->functions[0].state = state.toStdString();
    if (state == QStringLiteral("idle"))
        snapshot->functions[0].pool = {};
    sample::MadeUpPort port(snapshot);
    ExplorerPane pane;
    pane.setPort(&port);
    const QModelIndex row = pane.model().find(Section::Functions, QStringLiteral("thumbnails"));
    QCOMPARE(row.data(ExplorerModel::AccountRole).toString(), QStringLiteral("AWS: work"));
    QCOMPARE(row.data(ExplorerModel::BadgeRole).toString(), badge);
    QCOMPARE(row.data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("thumbnails: AWS: work, ") + badge);
    QVERIFY(row.data(Qt::ToolTipRole)
                .toString()
                .endsWith(QStringLiteral(
                    "It runs with the AWS profile “work” and can change what is really there.")));
    const QModelIndex other = pane.model().find(Section::Functions, QStringLiteral("csv-etl"));
    QCOMPARE(other.data(ExplorerModel::AccountRole).toString(), QString());
}

/// In red, in the row of its function, and in no other.
void TestExplorerPane::theAccountIsPainted()
{
    const ThemeManager themes;
    auto snapshot = withAccount();
    sample::MadeUpPort port(snapshot);
    ExplorerPane pane;
    pane.resize(246, 700);
    pane.setTheme(Theme::lightTheme());
    pane.setPort(&port);
    pane.setVisible(true);
    QVERIFY(QTest::qWaitForWindowExposed(&pane));
    const auto red = [&](const char* name) {
        const QImage picture = pane.tree()->viewport()->grab().toImage();
        const QAbstractItemModel* rows = pane.tree()->model();
        const QModelIndexList found
            = rows->match(rows->index(0, 0), Qt::DisplayRole, QLatin1String(name), 1,
                          Qt::MatchExactly | Qt::MatchRecursive);
        const QRect row = pane.tree()->visualRect(found.value(0));
        const QRgb fill = toneFill(Theme::lightTheme(), Tone::Bad).rgb();
        int pixels = 0;
        for (int y = row.top(); y <= row.bottom(); ++y)
            for (int x = row.left(); x <= row.right(); ++x)
                pixels += picture.pixel(x, y) == fill;
        return pixels;
    };
    const int alone = red("thumbnails");
    QVERIFY2(alone > 200, QByteArray::number(alone));
    QCOMPARE(red("csv-etl"), 0);
    snapshot = withAccount();
    snapshot->functions[0].state = "throttled";
    port.publish(snapshot);
    QVERIFY2(red("thumbnails") > alone + 200, QByteArray::number(red("thumbnails")));
}

void TestExplorerPane::triggerMenuOffersWhatCanBeDone_data()
{
    QTest::addColumn<QString>("trigger");
    QTest::addColumn<QString>("choice");
    QTest::addColumn<QString>("asked");
    QTest::newRow("schedule fires now") << "nightly"
                                        << "Fire now"
                                        << "fire nightly";
    QTest::newRow("files already here") << "on-upload"
                                        << "Process the 214 files already here"
                                        << "backfill on-upload";
    QTest::newRow("switched off") << "on-csv"
                                  << "Disable"
                                  << "disable on-csv";
    QTest::newRow("paused goes on") << "enrich-jobs"
                                    << "Resume"
                                    << "resume enrich-jobs";
}

void TestExplorerPane::triggerMenuOffersWhatCanBeDone()
{
    QFETCH(QString, trigger);
    QFETCH(QString, choice);
    QFETCH(QString, asked);
    auto snapshot = sample::busySnapshot();
    snapshot->triggers[3].paused = true;
    sample::MadeUpPort port(snapshot);
    ExplorerPane pane;
    pane.setPort(&port);
    QMenu menu;
    pane.fillMenu(menu, pane.model().find(Section::Triggers, trigger));
    QAction* found = nullptr;
    for (QAction* action : menu.actions())
        if (action->text() == choice)
            found = action;
    QVERIFY2(found, qPrintable(choice));
    found->trigger();
    QCOMPARE(port.asked, QStringList{asked});
}

void TestExplorerPane::keepsSelectionAndOpenSectionsOverSnapshots()
{
    sample::MadeUpPort port(sample::busySnapshot());
    ExplorerPane pane;
    pane.setPort(&port);
    pane.select(Section::Functions, QStringLiteral("csv-etl"));
    const QModelIndex stores = pane.tree()->model()->index(static_cast<int>(Section::Stores), 0);
    pane.tree()->collapse(stores);

    auto next = sample::busySnapshot();
    next->functions[1].pool.busy = 9;
    next->stores[0].objects = 215;
    port.publish(next);
    QCOMPARE(pane.tree()->currentIndex().data().toString(), QStringLiteral("csv-etl"));
    QCOMPARE(badge(pane, Section::Functions, "csv-etl"), QStringLiteral("9 / 10"));
    QVERIFY(!pane.tree()->isExpanded(stores));
}

void TestExplorerPane::filterLeavesTheMatching()
{
    sample::MadeUpPort port(sample::busySnapshot());
    ExplorerPane pane;
    pane.setPort(&port);
    QTest::keyClicks(pane.findChild<QLineEdit*>(), QStringLiteral("NIGHT"));
    const QAbstractItemModel* shown = pane.tree()->model();
    QCOMPARE(shown->rowCount(), 2); // of functions one, of triggers one
    QCOMPARE(shown->index(0, 0, shown->index(0, 0)).data().toString(),
             QStringLiteral("nightly-report"));
}

void TestExplorerPane::showsTestEventsOfTheFolder()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("events")));
    for (const char* name : {"one.json", "one.expect.json", "notes.txt"}) {
        QFile file(folder.filePath(QStringLiteral("events/") + QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    auto snapshot = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->folder = folder.path().toStdString();
    snapshot->workspace = workspace;
    sample::MadeUpPort port(snapshot);
    ExplorerPane pane;
    pane.setPort(&port);
    QSignalSpy chosen(&pane, &ExplorerPane::eventChosen);
    const QModelIndex section = pane.model().sectionIndex(Section::TestEvents);
    QCOMPARE(pane.model().rowCount(section), 1);
    pane.select(Section::TestEvents, folder.filePath(QStringLiteral("events/one.json")));
    QCOMPARE(chosen.size(), 1);
}

QTEST_MAIN(TestExplorerPane)
#include "tst_explorer_pane.moc"

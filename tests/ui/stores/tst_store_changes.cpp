#include <QSignalSpy>

#include "sources/folder_watcher.h"
#include "store_page_fixture.h"

using namespace coldframe;
using namespace coldframe::ui;
using test::kPatienceMs;

/// What is added to a store and deleted from it: nothing that nobody wanted.
class TestStoreChanges : public test::StorePageFixture {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init() { makeFolders(); }
    void cleanup() { closePage(); }
    void droppedFilesFireOnce();
    void cancellingLeavesNothing();
    void whatIsThereIsReplacedOnlyWhenWanted_data();
    void whatIsThereIsReplacedOnlyWhenWanted();
    void twoFilesOfOneKeyAreSaid();
    void moreThanAreTakenIsSaid();
    void deletesForGoodOnlyWhenToldSo();
    void whatMovedMeanwhileIsNotDeleted_data();
    void whatMovedMeanwhileIsNotDeleted();
};

/// A large one and a folder: each object is told of once, whole.
void TestStoreChanges::droppedFilesFireOnce()
{
    const QByteArray large(48 << 20, 'x');
    QFile file(m_elsewhere->filePath(QStringLiteral("large.bin")));
    QVERIFY(file.open(QFile::WriteOnly) && file.write(large) == large.size());
    file.close();
    QDir(m_elsewhere->path()).mkpath(QStringLiteral("day/1"));
    QVERIFY(QFile::copy(file.fileName(), m_elsewhere->filePath(QStringLiteral("day/1/copy.bin"))));
    auto watcher = sources::FolderWatcher::start(m_folder->path().toStdString(), {});
    QVERIFY(watcher);
    open();
    drop({file.fileName(), m_elsewhere->filePath(QStringLiteral("day"))});
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    QVERIFY(m_page->model().find("large.bin") && m_page->model().find("day/1/copy.bin"));
    QCOMPARE(read(QStringLiteral("large.bin")), large);
    QVERIFY(file.exists());
    std::vector<sources::FileChange> told;
    QTRY_VERIFY_WITH_TIMEOUT(
        (std::ranges::move((*watcher)->drain(), std::back_inserter(told)), told.size() >= 2),
        kPatienceMs);
    QCOMPARE(told.size(), std::size_t(2));
    for (const sources::FileChange& change : told)
        QCOMPARE(change.size, std::uint64_t(large.size()));
    QCOMPARE(bar(), QString());
}

void TestStoreChanges::cancellingLeavesNothing()
{
    QFile file(m_elsewhere->filePath(QStringLiteral("huge.bin")));
    QVERIFY(file.open(QFile::WriteOnly) && file.resize(qint64(4) << 30)); // takes no room itself
    file.close();
    open();
    QSignalSpy finished(&m_page->jobs(), &StoreJobs::finished);
    bool shown = false;
    connect(&m_page->jobs(), &StoreJobs::progressed, m_page.get(), [this, &shown] {
        for (QPushButton* button : m_page->findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Cancel") && button->isVisible()) {
                shown = true;
                QTest::mouseClick(button, Qt::LeftButton);
            }
    });
    drop({file.fileName()});
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatienceMs);
    QVERIFY(shown);
    QCOMPARE(bar(), QStringLiteral("Cancelled: 0 were added, the rest was not."));
    QCOMPARE(
        QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
        QStringList());
}

void TestStoreChanges::whatIsThereIsReplacedOnlyWhenWanted_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<QByteArray>("there");
    QTest::addColumn<bool>("other");
    QTest::newRow("replaced") << "Replace" << QByteArray("new") << true;
    QTest::newRow("the others") << "Add the others" << QByteArray("old") << true;
    QTest::newRow("nothing") << "Cancel" << QByteArray("old") << false;
}

void TestStoreChanges::whatIsThereIsReplacedOnlyWhenWanted()
{
    QFETCH(QString, button);
    QFETCH(QByteArray, there);
    QFETCH(bool, other);
    write(QStringLiteral("a"), "old");
    QStringList files;
    for (const char* name : {"a", "b"}) {
        QFile file(m_elsewhere->filePath(QLatin1String(name)));
        QVERIFY(file.open(QFile::WriteOnly) && file.write("new") == 3);
        files << file.fileName();
    }
    open();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    press(button);
    drop(files);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_asked, QStringLiteral("“uploads” has 1 of these 2 objects already."), kPatienceMs);
    if (other)
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(read(QStringLiteral("a")), there, kPatienceMs);
    QCOMPARE(QFile::exists(path(QStringLiteral("b"))), other);
}

void TestStoreChanges::twoFilesOfOneKeyAreSaid()
{
    const QString first = writeElsewhere(QStringLiteral("a/k.txt"), "first");
    const QString second = writeElsewhere(QStringLiteral("b/k.txt"), "second");
    const QString other = writeElsewhere(QStringLiteral("c/other.txt"), "other");
    open();
    press(QStringLiteral("Add the others"));
    drop({first, second, other, first}); // what is there twice itself is added once
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    QCOMPARE(m_asked, QStringLiteral("Not all of these files can be added to “uploads”."));
    QCOMPARE(m_informed,
             QStringLiteral("%1 is not added: %2 would have the same key, “k.txt”. Rename it, or "
                            "add the folder it lies in.")
                 .arg(second, first));
    QTRY_COMPARE_WITH_TIMEOUT(read(QStringLiteral("k.txt")), QByteArray("first"), kPatienceMs);
    QCOMPARE(read(QStringLiteral("other.txt")), QByteArray("other"));
}

void TestStoreChanges::moreThanAreTakenIsSaid()
{
    for (int i = 0; i < 5; ++i)
        writeElsewhere(QStringLiteral("day/%1").arg(i), "x");
    open();
    press(QStringLiteral("Add the others"));
    m_page->jobs().plan(m_folder->path(),
                        {QUrl::fromLocalFile(m_elsewhere->filePath(QStringLiteral("day")))}, 3);
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, kPatienceMs);
    QVERIFY2(m_informed.startsWith(QStringLiteral("Only 3 files are taken at once")),
             qPrintable(m_informed));
}

void TestStoreChanges::deletesForGoodOnlyWhenToldSo()
{
    write(QStringLiteral("a"), "x");
    write(QStringLiteral("b"), "x");
    open();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    QVERIFY(choose("a"));
    press(QStringLiteral("Cancel"));
    pressDelete();
    QCOMPARE(m_asked, QStringLiteral("Delete “a” from “uploads”?"));
    QVERIFY(QFile::exists(path(QStringLiteral("a"))));
    press(QStringLiteral("Delete for good"));
    pressDelete();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QVERIFY(!QFile::exists(path(QStringLiteral("a"))) && QFile::exists(path(QStringLiteral("b"))));

    // Where the trash of this desktop is, its own variable says.
    qputenv("XDG_DATA_HOME", m_elsewhere->path().toUtf8());
    QVERIFY(choose("b"));
    press(QStringLiteral("Move to trash"));
    pressDelete();
    QTRY_VERIFY_WITH_TIMEOUT(rows() == 0 || !bar().isEmpty(), kPatienceMs);
    if (rows() == 0) // not every file system has one
        QVERIFY(QFile::exists(m_elsewhere->filePath(QStringLiteral("Trash/files/b"))));
    else
        QVERIFY(bar().contains(QStringLiteral("it is still there")));
}

void TestStoreChanges::whatMovedMeanwhileIsNotDeleted_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<bool>("gone");
    QTest::newRow("for good, another folder") << "Delete for good" << false;
    QTest::newRow("for good, no store") << "Delete for good" << true;
    QTest::newRow("trash, another folder") << "Move to trash" << false;
}

void TestStoreChanges::whatMovedMeanwhileIsNotDeleted()
{
    QFETCH(QString, button);
    QFETCH(bool, gone);
    write(QStringLiteral("k.txt"), "asked about");
    QFile other(m_elsewhere->filePath(QStringLiteral("k.txt")));
    QVERIFY(other.open(QFile::WriteOnly) && other.write("another") == 7);
    other.close();
    open();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QVERIFY(choose("k.txt"));
    QSignalSpy finished(&m_page->jobs(), &StoreJobs::finished);
    press(button, [this, gone] { moveStore(gone ? QString() : m_elsewhere->path()); });
    pressDelete();
    QVERIFY2(bar().startsWith(QStringLiteral("Nothing was deleted.")), qPrintable(bar()));
    QVERIFY(bar().contains(m_folder->path()));
    QCOMPARE(bar().contains(m_elsewhere->path()), !gone);
    // Jobs go one after the other: once this one has ended, none is left that could delete.
    m_page->jobs().remove(m_folder->path(), {}, StoreJobs::Gone::ForGood);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatienceMs);
    QVERIFY(other.exists() && QFile::exists(path(QStringLiteral("k.txt"))));
}

QTEST_MAIN(TestStoreChanges)
#include "tst_store_changes.moc"

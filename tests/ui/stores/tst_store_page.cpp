#include <QAction>
#include <QClipboard>
#include <QCryptographicHash>
#include <QDesktopServices>
#include <QImage>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>

#include <ctime>

#include "store_page_fixture.h"

using namespace coldframe;
using namespace coldframe::ui;
using test::kPatienceMs;

namespace {

double cpuMs()
{
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return double(used.tv_sec) * 1e3 + double(used.tv_nsec) / 1e6;
}

} // namespace

/// What a store's page shows of the folder, and what becomes of an object.
class TestStorePage : public test::StorePageFixture {
    Q_OBJECT
public Q_SLOTS:
    void folderOpened(const QUrl& url) { m_opened = url; }
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init();
    void cleanup() { closePage(); }
    void listsWhatIsThereAndWhatComes();
    void theEmptyOneTeaches();
    void tenThousandObjectsHoldNothingUp();
    void largePreviewsHoldNothingUp();
    void aReplacedObjectIsShownAnew();
    void linksOutAreNotFollowed();
    void copiesKeysAndUris();
    void becomesTheEventOfItsTrigger_data();
    void becomesTheEventOfItsTrigger();
    void whatIsNotTrustedIsNotOpened();
    void aFolderThatIsGoneIsSaid();

private:
    QUrl m_opened;
};

void TestStorePage::init()
{
    makeFolders();
    m_opened.clear();
}

void TestStorePage::listsWhatIsThereAndWhatComes()
{
    write(QStringLiteral("in/report 01.csv"), "name,n\na,1\n");
    write(QStringLiteral("b+c.json"), "{\"b\":1}");
    write(QStringLiteral(".gitkeep"), "");
    open();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    QCOMPARE(label("storeSummary"), QStringLiteral("2 objects · 18 B"));
    QVERIFY(choose("in/report 01.csv"));
    auto* table = m_page->findChild<QTableView*>();
    QTRY_VERIFY_WITH_TIMEOUT(table->isVisible() && table->model()->rowCount() > 0, kPatienceMs);
    QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("a"));

    write(QStringLiteral("new.json"), "{\"fresh\":true}");
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, kPatienceMs);
    const auto row = m_page->model().find("new.json");
    QVERIFY(row && m_page->model().index(*row, 0).data(StoreModel::NewRole).toBool());
    QVERIFY2(table->isVisible(), "what is looked at stays");
    QTest::keyClick(list(), Qt::Key_Down);
    QTRY_VERIFY_WITH_TIMEOUT(previewed().contains(QStringLiteral("fresh")), kPatienceMs);

    // Filtered from the keyboard.
    QTest::keyClick(list(), Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("REPORT"));
    QTRY_COMPARE(rows(), 1);
    QCOMPARE(label("storeSummary"), QStringLiteral("1 of 3 objects"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QTRY_COMPARE(rows(), 3);
    QVERIFY(QFile::remove(path(QStringLiteral("new.json"))));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
}

void TestStorePage::theEmptyOneTeaches()
{
    open();
    const QString said = label("storeEmpty");
    for (const char* part : {"Drop files here", "put_object(Bucket=\"uploads\"",
                             "The trigger “on-upload” runs “thumbnails” once for each new file "
                             "that ends in .jpg."})
        QVERIFY2(said.contains(QString::fromUtf8(part)), qPrintable(said));
    QVERIFY(said.contains(m_folder->path()));
    QVERIFY(!list()->isVisible());
    write(QStringLiteral("a"), "x");
    QTRY_VERIFY_WITH_TIMEOUT(list()->isVisible(), kPatienceMs);
    m_page->findChild<QLineEdit*>()->setText(QStringLiteral("zz"));
    QTRY_COMPARE(label("storeEmpty"), QStringLiteral("No key has “zz” in it."));
}

/// The loop turns at every moment: what the window's thread does in one go is measured as its own
/// CPU time, as others use the machine, too.
void TestStorePage::tenThousandObjectsHoldNothingUp()
{
    constexpr int kObjects = 10'000;
    for (int i = 0; i < kObjects; ++i)
        write(QStringLiteral("in/%1/object %2.json").arg(i % 100).arg(i), "{\"n\":1}");
    openPage();
    double longest = 0, last = cpuMs();
    QTimer turns;
    connect(&turns, &QTimer::timeout, this, [&] {
        const double now = cpuMs();
        longest = std::max(longest, now - last);
        last = cpuMs();
    });
    turns.start(0);
    m_page->setStore(QStringLiteral("uploads"));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), kObjects, kPatienceMs);
    const double listing = longest;
    m_page->findChild<QLineEdit*>()->setText(QStringLiteral("object 7"));
    QTRY_VERIFY(rows() > 0 && rows() < kObjects);
    m_page->findChild<QLineEdit*>()->clear();
    QTRY_COMPARE(rows(), kObjects);
    for (int i = 0; i < 500; ++i) // a flood: all rows are made again
        write(QStringLiteral("out/%1").arg(i), "x");
    last = cpuMs(); // the writing is not the window's
    QTRY_COMPARE_WITH_TIMEOUT(rows(), kObjects + 500, kPatienceMs);
    qInfo("longest turn %.1f ms, of listing %.1f ms", longest, listing);
#ifndef COLDFRAME_SLOW_BUILD
    QVERIFY2(longest < 16.0, "a frame of 60 a second would have been missed");
#endif
}

/// Reading, parsing and decoding are not the window's.
void TestStorePage::largePreviewsHoldNothingUp()
{
    write(QStringLiteral("a.csv"),
          QByteArray("word,12345,").repeated(30).append('\n').repeated(900));
    write(QStringLiteral("b.jsonl"), QByteArray("{\"n\": 1234567890}\n").repeated(20'000));
    QImage picture(4000, 3000, QImage::Format_RGB32);
    picture.fill(Qt::darkGreen);
    QVERIFY(picture.save(path(QStringLiteral("c.png"))));
    write(QStringLiteral("d.txt"), "small");
    open();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 4, kPatienceMs);
    QVERIFY(choose("d.txt")); // the editor is made with the first text
    QTRY_COMPARE_WITH_TIMEOUT(previewed(), QStringLiteral("small"), kPatienceMs);
    double longest = 0, last = cpuMs();
    QTimer turns;
    connect(&turns, &QTimer::timeout, this, [&] {
        const double now = cpuMs();
        longest = std::max(longest, now - last);
        last = cpuMs();
    });
    turns.start(0);
    const auto measured = [&](const char* key) {
        longest = 0;
        last = cpuMs();
        return choose(key);
    };
    QVERIFY(measured("a.csv"));
    auto* table = m_page->findChild<QTableView*>();
    QTRY_VERIFY_WITH_TIMEOUT(table->isVisible() && table->model()->rowCount() > 100, kPatienceMs);
    const double csv = longest;
    QVERIFY(measured("b.jsonl"));
    QTRY_VERIFY_WITH_TIMEOUT(previewed().size() > 100'000, kPatienceMs);
    const double lines = longest;
    QVERIFY(measured("c.png"));
    QTRY_VERIFY_WITH_TIMEOUT(!table->isVisible() && previewed().isEmpty(), kPatienceMs);
    qInfo("longest turns: table %.1f ms, lines %.1f ms, picture %.1f ms", csv, lines, longest);
#ifndef COLDFRAME_SLOW_BUILD
    QVERIFY(csv < 16.0 && lines < 16.0 && longest < 16.0);
#endif
}

void TestStorePage::aReplacedObjectIsShownAnew()
{
    write(QStringLiteral("a.json"), "{\"first\":1}");
    open();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QVERIFY(choose("a.json"));
    QTRY_VERIFY_WITH_TIMEOUT(previewed().contains(QStringLiteral("first")), kPatienceMs);
    write(QStringLiteral("a.json"), "{\"second\":2}");
    QTRY_VERIFY_WITH_TIMEOUT(previewed().contains(QStringLiteral("second")), kPatienceMs);
}

void TestStorePage::linksOutAreNotFollowed()
{
    QFile secret(m_elsewhere->filePath(QStringLiteral("secret.txt")));
    QVERIFY(secret.open(QFile::WriteOnly) && secret.write("swordfish") > 0);
    secret.close();
    write(QStringLiteral("own.txt"), "mine");
    QVERIFY(QFile::link(secret.fileName(), path(QStringLiteral("out.txt"))));
    QVERIFY(QFile::link(QStringLiteral("own.txt"), path(QStringLiteral("within.txt"))));
    QVERIFY(QFile::link(m_elsewhere->path(), path(QStringLiteral("folder"))));
    open();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, kPatienceMs); // what lies in "folder" is none of it
    QVERIFY(choose("within.txt"));
    QTRY_COMPARE_WITH_TIMEOUT(previewed(), QStringLiteral("mine"), kPatienceMs);
    QVERIFY(choose("out.txt"));
    QTRY_VERIFY(previewed().isEmpty());
    for (const QAction* action : m_page->findChildren<QAction*>())
        if (action->text() == QStringLiteral("Use as event")
            || action->text() == QStringLiteral("Open file"))
            QVERIFY(!action->isEnabled());
    // Deleting takes the link, not what it leads to.
    press(QStringLiteral("Delete for good"));
    pressDelete();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kPatienceMs);
    QVERIFY(secret.exists());
}

void TestStorePage::copiesKeysAndUris()
{
    write(QStringLiteral("in/grüße +1.json"), "{}");
    open();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QVERIFY(choose("in/grüße +1.json"));
    QTest::keyClick(list(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("in/grüße +1.json"));
    for (QAction* action : m_page->findChildren<QAction*>())
        if (action->text() == QStringLiteral("Copy S3 URI"))
            action->trigger();
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("s3://uploads/in/grüße +1.json"));
}

void TestStorePage::becomesTheEventOfItsTrigger_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("shape");
    QTest::addColumn<QString>("function");
    QTest::addColumn<QStringList>("parts");
    const int s3 = int(EventShape::S3);
    // The ETag is the MD5 that a read through the bucket tells.
    QTest::newRow("S3, its key as S3 writes it")
        << "in/cat +1.jpg" << s3 << "thumbnails"
        << QStringList{"\"key\": \"in/cat+%2B1.jpg\"", "\"size\": 7",
                       "\"eTag\": \"e4b9a3d3e6c0b8b2\"", "\"configurationId\": \"on-upload\"",
                       "\"name\": \"uploads\""};
    QTest::newRow("no trigger wants it")
        << "note.txt" << s3 << "csv-etl" << QStringList{"\"key\": \"note.txt\""};
    QTest::newRow("the content is the event")
        << "cat.jpg" << int(EventShape::Content) << "thumbnails" << QStringList{"{ \"n\": 1 }"};
    QTest::newRow("CloudEvents") << "cat.jpg" << int(EventShape::CloudEvents) << "thumbnails"
                                 << QStringList{"\"type\": \"coldframe.file.created\""};
}

void TestStorePage::becomesTheEventOfItsTrigger()
{
    QFETCH(QString, key);
    QFETCH(int, shape);
    QFETCH(QString, function);
    QFETCH(QStringList, parts);
    const QByteArray content = "{\"n\":1}";
    write(key, content);
    open([shape](session::Snapshot&, Workspace& workspace) {
        std::get<FileTrigger>(workspace.triggers.front().kind).shape
            = static_cast<EventShape>(shape);
    });
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QVERIFY(choose(key.toStdString()));
    QSignalSpy wanted(m_page.get(), &StorePage::eventWanted);
    QTest::keyClick(list(), Qt::Key_E, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(wanted.count(), 1, kPatienceMs);
    QCOMPARE(wanted.front().front().toString(), function);
    const QString event = wanted.front().back().toString();
    const QString sum
        = QString::fromLatin1(QCryptographicHash::hash(content, QCryptographicHash::Md5).toHex());
    for (QString part : parts)
        QVERIFY2(event.contains(part.replace(QStringLiteral("e4b9a3d3e6c0b8b2"), sum)),
                 qPrintable(part + QStringLiteral(" is not in ") + event));
}

void TestStorePage::whatIsNotTrustedIsNotOpened()
{
    write(QStringLiteral("a.desktop"), "[Desktop Entry]\nExec=true\n");
    QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "folderOpened");
    open([](session::Snapshot& snapshot, Workspace&) { snapshot.trusted = false; });
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QVERIFY(choose("a.desktop"));
    QTRY_VERIFY_WITH_TIMEOUT(previewed().contains(QStringLiteral("Exec")), kPatienceMs);
    const QModelIndex index = m_page->model().index(0, 0);
    QTest::mouseDClick(list()->viewport(), Qt::LeftButton, {}, list()->visualRect(index).center());
    QTest::keyClick(list(), Qt::Key_Return);
    QVERIFY(m_opened.isEmpty());
    auto trusted = std::make_shared<session::Snapshot>(*m_port->snapshot());
    trusted->trusted = true;
    m_port->publish(trusted);
    QTRY_VERIFY((QTest::keyClick(list(), Qt::Key_Return), !m_opened.isEmpty()));
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
}

void TestStorePage::aFolderThatIsGoneIsSaid()
{
    write(QStringLiteral("a"), "x");
    open();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QVERIFY(QDir(m_folder->path()).removeRecursively());
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 0, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!bar().isEmpty(), kPatienceMs);
    QVERIFY(QDir().mkpath(m_folder->path()));
    write(QStringLiteral("back"), "x");
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->findChild<MessageBar*>()->isVisible(), kPatienceMs);
}

QTEST_MAIN(TestStorePage)
#include "tst_store_page.moc"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCryptographicHash>
#include <QDesktopServices>
#include <QDir>
#include <QDragEnterEvent>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTreeView>

#include <ctime>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "sources/folder_watcher.h"
#include "ui/stores/store_page.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/message_bar.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

constexpr int kPatienceMs = 30'000;

double cpuMs()
{
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return double(used.tv_sec) * 1e3 + double(used.tv_nsec) / 1e6;
}

} // namespace

class TestStorePage : public QObject {
    Q_OBJECT
public Q_SLOTS:
    void folderOpened(const QUrl& url) { m_opened = url; }
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init();
    void cleanup();
    void listsWhatIsThereAndWhatComes();
    void theEmptyOneTeaches();
    void tenThousandObjectsHoldNothingUp();
    void largePreviewsHoldNothingUp();
    void aReplacedObjectIsShownAnew();
    void linksOutAreNotFollowed();
    void copiesKeysAndUris();
    void becomesTheEventOfItsTrigger_data();
    void becomesTheEventOfItsTrigger();
    void droppedFilesFireOnce();
    void cancellingLeavesNothing();
    void whatIsThereIsReplacedOnlyWhenWanted_data();
    void whatIsThereIsReplacedOnlyWhenWanted();
    void twoFilesOfOneKeyAreSaid();
    void moreThanAreTakenIsSaid();
    void deletesForGoodOnlyWhenToldSo();
    void whatMovedMeanwhileIsNotDeleted_data();
    void whatMovedMeanwhileIsNotDeleted();
    void whatIsNotTrustedIsNotOpened();
    void aFolderThatIsGoneIsSaid();

private:
    QString path(const QString& name) const { return m_folder->filePath(name); }
    void write(const QString& name, const QByteArray& bytes) const
    {
        QDir().mkpath(QFileInfo(path(name)).absolutePath());
        QFile file(path(name));
        if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
    }
    QByteArray read(const QString& name) const
    {
        QFile file(path(name));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("not there");
    }
    void openPage(const std::function<void(session::Snapshot&, Workspace&)>& change = {});
    void open(const std::function<void(session::Snapshot&, Workspace&)>& change = {});
    bool choose(const std::string& key);
    QString label(const char* name) const
    {
        return m_page->findChild<QLabel*>(QLatin1String(name))->text();
    }
    QTreeView* list() const { return m_page->findChild<QTreeView*>(); }
    QString bar() const
    {
        const auto* shown = m_page->findChild<MessageBar*>();
        return shown->isVisible() ? shown->text() : QString();
    }
    QString previewed() const
    {
        for (const JsonView* view : m_page->findChildren<JsonView*>())
            if (view->isVisible())
                return view->text();
        return {};
    }
    /// A file outside of the store.
    QString writeElsewhere(const QString& name, const QByteArray& bytes) const
    {
        const QString place = m_elsewhere->filePath(name);
        QDir().mkpath(QFileInfo(place).absolutePath());
        QFile file(place);
        if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(place));
        return place;
    }
    void drop(const QStringList& files);
    void press(const QString& button, const std::function<void()>& before = {});
    void moveStore(const QString& folder);
    void pressDelete();
    int rows() const { return m_page->model().rowCount(); }

    std::unique_ptr<QTemporaryDir> m_folder, m_elsewhere;
    std::unique_ptr<sample::MadeUpPort> m_port;
    std::unique_ptr<StorePage> m_page;
    QString m_asked, m_informed; ///< by the last message box
    QUrl m_opened;
};

void TestStorePage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_elsewhere = std::make_unique<QTemporaryDir>();
    m_asked.clear();
    m_informed.clear();
    m_opened.clear();
}

void TestStorePage::cleanup()
{
    m_page.reset();
    m_port.reset();
}

void TestStorePage::openPage(const std::function<void(session::Snapshot&, Workspace&)>& change)
{
    auto snapshot = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->stores.front().kind = FolderStore{m_folder->path().toStdString()}; // uploads
    if (change)
        change(*snapshot, *workspace);
    snapshot->workspace = workspace;
    m_port = std::make_unique<sample::MadeUpPort>(snapshot);
    m_page = std::make_unique<StorePage>();
    m_page->resize(900, 500);
    m_page->setPort(m_port.get());
    m_page->setFallbackFunction(QStringLiteral("csv-etl"));
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
}

void TestStorePage::open(const std::function<void(session::Snapshot&, Workspace&)>& change)
{
    openPage(change);
    m_page->setStore(QStringLiteral("uploads"));
    QTRY_VERIFY_WITH_TIMEOUT(!label("storeSummary").isEmpty(), kPatienceMs);
}

/// As with a click: the preview comes after it.
bool TestStorePage::choose(const std::string& key)
{
    const auto row = m_page->model().find(key);
    if (!row)
        return false;
    const QModelIndex index = m_page->model().index(*row, 0);
    list()->scrollTo(index);
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, list()->visualRect(index).center());
    return true;
}

void TestStorePage::drop(const QStringList& files)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& file : files)
        urls << QUrl::fromLocalFile(file);
    data.setUrls(urls);
    const QPoint at(100, 200);
    QDragEnterEvent enters(at, Qt::MoveAction | Qt::CopyAction, &data, Qt::LeftButton, {});
    enters.setDropAction(Qt::MoveAction); // as a file manager proposes on one disk
    QApplication::sendEvent(m_page.get(), &enters);
    QVERIFY(enters.isAccepted());
    QCOMPARE(enters.dropAction(), Qt::CopyAction); // a file manager must not move it away
    QDropEvent drops(at, Qt::MoveAction | Qt::CopyAction, &data, Qt::LeftButton, {});
    drops.setDropAction(Qt::MoveAction);
    QApplication::sendEvent(m_page.get(), &drops);
    QVERIFY(drops.isAccepted());
    QCOMPARE(drops.dropAction(), Qt::CopyAction);
}

/// As a reload of the workspace file does; without a folder, the store is no longer in it.
void TestStorePage::moveStore(const QString& folder)
{
    auto next = std::make_shared<session::Snapshot>(*m_port->snapshot());
    auto workspace = std::make_shared<Workspace>(*next->workspace);
    if (folder.isEmpty())
        workspace->stores.erase(workspace->stores.begin());
    else
        workspace->stores.front().kind = FolderStore{folder.toStdString()};
    next->workspace = workspace;
    m_port->publish(next);
}

/// A button of the message box that comes, once `before` was done.
void TestStorePage::press(const QString& button, const std::function<void()>& before)
{
    auto* look = new QTimer(m_page.get());
    connect(look, &QTimer::timeout, look, [this, look, button, before] {
        const auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (!box || !box->isVisible())
            return;
        m_asked = box->text();
        m_informed = box->informativeText();
        for (QAbstractButton* each : box->buttons())
            if (each->text().remove(QLatin1Char('&')) == button) {
                look->deleteLater();
                if (before)
                    before();
                return QTest::mouseClick(each, Qt::LeftButton);
            }
    });
    look->start(10);
}

void TestStorePage::pressDelete()
{
    m_page->activateWindow(); // a dialog before had the keys
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Delete);
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

/// A large one and a folder: each object is told of once, whole.
void TestStorePage::droppedFilesFireOnce()
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

void TestStorePage::cancellingLeavesNothing()
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

void TestStorePage::whatIsThereIsReplacedOnlyWhenWanted_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<QByteArray>("there");
    QTest::addColumn<bool>("other");
    QTest::newRow("replaced") << "Replace" << QByteArray("new") << true;
    QTest::newRow("the others") << "Add the others" << QByteArray("old") << true;
    QTest::newRow("nothing") << "Cancel" << QByteArray("old") << false;
}

void TestStorePage::whatIsThereIsReplacedOnlyWhenWanted()
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

void TestStorePage::twoFilesOfOneKeyAreSaid()
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

void TestStorePage::moreThanAreTakenIsSaid()
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

void TestStorePage::deletesForGoodOnlyWhenToldSo()
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

void TestStorePage::whatMovedMeanwhileIsNotDeleted_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<bool>("gone");
    QTest::newRow("for good, another folder") << "Delete for good" << false;
    QTest::newRow("for good, no store") << "Delete for good" << true;
    QTest::newRow("trash, another folder") << "Move to trash" << false;
}

void TestStorePage::whatMovedMeanwhileIsNotDeleted()
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

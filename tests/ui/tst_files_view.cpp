#include <QAbstractItemModelTester>
#include <QDesktopServices>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <ctime>

#include "ui/result/files_view.h"
#include "ui/result/outputs_model.h"
#include "ui/support/object_preview.h"

using namespace coldframe;
using namespace coldframe::ui;
using Kind = ObjectPreview::Kind;

class TestFilesView : public QObject {
    Q_OBJECT
public Q_SLOTS:
    void folderOpened(const QUrl& url) { m_opened = url; }
private Q_SLOTS:
    void previews_data();
    void previews();
    void picturesAreScaledDown();
    void longTextsAreCut();
    void keysThatLeadOutShowNothing();
    void listsAndShowsWhatWasWritten();
    void messagesLeadToTheirQueue();
    void tenThousandAreListedWithoutLag();
    void theModelKeepsItsWord();

private:
    QString write(const QString& name, const QByteArray& bytes) const
    {
        const QString path = m_folder.filePath(name);
        QDir().mkpath(QFileInfo(path).absolutePath());
        QFile file(path);
        if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }
    QTemporaryDir m_folder;
    QUrl m_opened;
};

void TestFilesView::previews_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("shown"); // text, or the table's cells
    const auto row = [](const char* name, QByteArray bytes, Kind kind, const char* shown) {
        QTest::newRow(name) << QString::fromLatin1(name) << bytes << static_cast<int>(kind)
                            << QString::fromUtf8(shown);
    };
    row("a.json", R"({"b":[1,2]})", Kind::Json, "{\n  \"b\": [1, 2]\n}\n");
    row("lines.jsonl", "{\"n\":1}\n{\"n\":2}\n", Kind::JsonLines, "{\"n\":1}\n{\"n\":2}\n");
    row("note", "grüße\n", Kind::Text, "grüße\n");
    row("broken.json", "{\"b\":", Kind::Text, "{\"b\":");
    row("empty", "", Kind::Text, "");
    row("noise", QByteArray("\x00\x01\xff", 3), Kind::Binary, "");
    row("latin1",
        "gr\xfc\xdf"
        "e",
        Kind::Binary, "");
    row("t.csv", "name,n\r\n\"a,\"\"b\"\"\",1\r\nlast,2", Kind::Table, "name|n/a,\"b\"|1/last|2");
    row("semicolon.csv", "name;n\na;1,5\n", Kind::Table, "name|n/a|1,5");
    row("t.tsv", "name\tn\na\t1\n", Kind::Table, "name|n/a|1");
    row("multi.csv", "a,b\n\"two\nlines\",2\n", Kind::Table, "a|b/two\nlines|2");
}

void TestFilesView::previews()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(int, kind);
    QFETCH(QString, shown);
    const ObjectPreview preview = previewOf(write(name, bytes));
    QCOMPARE(static_cast<int>(preview.kind), kind);
    QStringList rows;
    for (const QStringList& cells : preview.rows)
        rows.append(cells.join(QLatin1Char('|')));
    QCOMPARE(preview.kind == Kind::Table ? rows.join(QLatin1Char('/')) : preview.text, shown);
}

void TestFilesView::picturesAreScaledDown()
{
    QImage picture(1600, 400, QImage::Format_RGB32);
    picture.fill(Qt::darkGreen);
    QVERIFY(picture.save(m_folder.filePath(QStringLiteral("large.png"))));
    const ObjectPreview preview = previewOf(m_folder.filePath(QStringLiteral("large.png")));
    QCOMPARE(preview.kind, Kind::Picture);
    QCOMPARE(preview.picture.size(), QSize(800, 200));
    QCOMPARE(preview.picture.pixelColor(10, 10), QColor(Qt::darkGreen));
    QCOMPARE(preview.note, QStringLiteral("1600 × 400 pixels"));
}

void TestFilesView::longTextsAreCut()
{
    const QByteArray line = "{\"n\": 1234567890}\n";
    const ObjectPreview lines
        = previewOf(write(QStringLiteral("long.jsonl"), line.repeated(20'000)));
    QCOMPARE(lines.kind, Kind::JsonLines);
    QCOMPARE(lines.text.size(), ObjectPreview::kMostBytes);
    QCOMPARE(lines.note, QStringLiteral("The first 256 KB of 352 KB."));
    const ObjectPreview table
        = previewOf(write(QStringLiteral("long.csv"), QByteArray("a,b\n1,2\n").repeated(1000)));
    QCOMPARE(table.rows.size(), qsizetype(ObjectPreview::kMostRows));
    QCOMPARE(table.note, QStringLiteral("The first 200 rows."));
}

void TestFilesView::keysThatLeadOutShowNothing()
{
    write(QStringLiteral("secret"), "x");
    QDir(m_folder.path()).mkdir(QStringLiteral("store"));
    const QString store = m_folder.filePath(QStringLiteral("store"));
    QVERIFY(
        QFile::link(m_folder.filePath(QStringLiteral("secret")), store + QStringLiteral("/link")));
    for (const char* key : {"../secret", "a/../../secret", "link", ""})
        QCOMPARE(fileInStore(store, QString::fromLatin1(key)), QString());
    QVERIFY(fileInStore(store, QStringLiteral("not yet/there"))
                .endsWith(QLatin1String("/store/not yet/there")));
}

void TestFilesView::listsAndShowsWhatWasWritten()
{
    write(QStringLiteral("out/a b.csv"), "name,n\nx,1\n");
    write(QStringLiteral("out/deep/c.json"), "{}");
    FilesView view;
    view.resize(500, 400);
    view.setStores({{QStringLiteral("out"), m_folder.filePath(QStringLiteral("out"))}});
    auto* list = view.findChild<QTreeView*>();
    auto* table = view.findChild<QTableView*>();
    auto* open = view.findChild<QPushButton*>();
    view.show();
    QVERIFY2(!list->isVisible(), "nothing was written: the place says what will be here");
    view.setWork(
        {.outputs = {{"out", "a b.csv", 11}, {"out", "deep/c.json", 2}, {"gone", "x", 1}}});
    QCOMPARE(list->model()->rowCount(), 3);
    QCOMPARE(list->model()->index(0, 2).data().toString(), QStringLiteral("11 B"));
    QVERIFY(table->isVisible());
    QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("x"));

    QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "folderOpened");
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QTest::mouseClick(open, Qt::LeftButton);
    QCOMPARE(
        m_opened,
        QUrl::fromLocalFile(QDir(m_folder.path()).canonicalPath() + QStringLiteral("/out/deep")));
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
    QTest::keyClick(list, Qt::Key_Down);
    QVERIFY(!open->isEnabled());
    const auto labels = view.findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) {
        return label->text() == QLatin1String("Its store is no longer in the workspace.");
    }));
}

void TestFilesView::messagesLeadToTheirQueue()
{
    FilesView view;
    view.resize(500, 400);
    view.setQueues({QStringLiteral("parts")});
    view.show();
    view.setWork({.outputs = {{"parts", "6f1c", 12}, {"out", "a", 1}, {"parts", "77ab", 3}}});
    const auto* list = view.findChild<QTreeView*>();
    QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("message 6f1c"));
    QCOMPARE(list->model()->index(1, 0).data().toString(), QStringLiteral("a"));
    QVERIFY(std::ranges::any_of(view.findChildren<QLabel*>(), [](const QLabel* label) {
        return label->text() == QStringLiteral("1 file written · 2 messages sent");
    }));
    auto* open = view.findChild<QPushButton*>();
    QCOMPARE(open->text(), QStringLiteral("Open queue"));
    const QSignalSpy wanted(&view, &FilesView::messageWanted);
    QTest::mouseClick(open, Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.front(), (QVariantList{QStringLiteral("parts"), QStringLiteral("6f1c")}));
}

void TestFilesView::tenThousandAreListedWithoutLag()
{
    const auto used = [] {
        timespec now{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
    };
    StoreWork work;
    for (int i = 0; i < 10'000; ++i)
        work.outputs.push_back({"out", "part-" + std::to_string(i) + ".json", 100});
    FilesView view;
    view.resize(500, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const double before = used();
    view.setWork(work);
    QCoreApplication::processEvents(); // what it laid out and painted is in there
    const double took = used() - before;
    QCOMPARE(view.findChild<QTreeView*>()->model()->rowCount(), 10'000);
    // Mostly below 16; making all their texts at once takes hundreds, on any machine.
    QVERIFY2(took < 60.0, qPrintable(QStringLiteral("%1 ms of CPU").arg(took)));
}

void TestFilesView::theModelKeepsItsWord()
{
    OutputsModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setOutputs({{"out", "a", 1}, {"out", "b", 2}});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(),
             QStringLiteral("Size"));
    model.setOutputs({});
    QCOMPARE(model.rowCount(), 0);
}

QTEST_MAIN(TestFilesView)
#include "tst_files_view.moc"

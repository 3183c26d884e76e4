#include <QAbstractItemModel>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include "ui/editor/completion_popup.h"
#include "ui/editor/event_completer.h"
#include "ui/widgets/json_view.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

constexpr int kPatienceMs = 30'000;
const QString kResources = QStringLiteral(COLDFRAME_SOURCE_DIR "/resources");

} // namespace

/// The editor with its list of suggestions, over real folders and with real keys.
class TestEventCompleter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_window.reset(); }
    void aQuoteOpensTheListAndEnterPutsIn();
    void ctrlSpaceOpensItAnywhere();
    void closedItTakesNoKeys();
    void escapeClosesIt();
    void arrowsChooseAndTabPutsIn();
    void bracesOpenTheVariables();
    void keysOfObjectsComeFromTheFolder();
    void otherTestEventsTeach();
    void oneUndoTakesItBack();
    void leavingClosesIt();
    void aMouseClickPutsIn();
    void aMegabyteIsTypedIn();

private:
    QWidget* keys() { return m_view->focusProxy(); }
    CompletionPopup* popup() { return m_view->findChild<CompletionPopup*>(); }
    bool open() { return m_completer->isOpen(); }
    QStringList shown()
    {
        QStringList names;
        for (int row = 0; open() && row < popup()->model()->rowCount(); ++row)
            names << popup()->model()->index(row, 0).data().toString();
        return names;
    }
    /// The bar is where the cursor goes.
    void put(QByteArray text)
    {
        const qsizetype bar = text.indexOf('|');
        text.remove(bar, 1);
        m_view->setText(QString::fromUtf8(text));
        m_view->replaceBytes(bar, bar, "", 0, 0);
        QCOMPARE(m_view->cursor(), bar);
    }
    void write(const QString& name, const QByteArray& bytes)
    {
        const QString path = m_folder->filePath(name);
        QDir().mkpath(QFileInfo(path).absolutePath());
        QFile file(path);
        if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
    }
    void settle() { QCoreApplication::processEvents(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QWidget> m_window;
    JsonView* m_view = nullptr;
    EventCompleter* m_completer = nullptr;
};

void TestEventCompleter::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QDir(m_folder->path()).mkpath(QStringLiteral("inbox"));
    auto workspace = std::make_shared<Workspace>();
    workspace->folder = m_folder->path().toStdString();
    workspace->stores = {{"inbox", FolderStore{(m_folder->path() + "/inbox").toStdString()}}};
    workspace->functions.emplace_back().name = "f";
    workspace->triggers = {{"on-upload", "f", true, {}, FileTrigger{.store = "inbox"}}};
    m_window = std::make_unique<QWidget>();
    m_view = new JsonView(m_window.get());
    m_completer = new EventCompleter(m_view, kResources);
    m_completer->setFunction(workspace, m_folder->path(), QStringLiteral("f"));
    m_view->resize(600, 400);
    m_window->resize(600, 400);
    m_window->show();
    m_view->setFocus();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTRY_VERIFY(keys()->hasFocus());
}

void TestEventCompleter::aQuoteOpensTheListAndEnterPutsIn()
{
    put(R"({"Records":[{"eventSource":"aws:s3","s3":{"bucket":{|}}}]})");
    QTest::keyClicks(keys(), QStringLiteral("\""));
    QTRY_VERIFY(open());
    QCOMPARE(shown(),
             (QStringList{QStringLiteral("name"), QStringLiteral("ownerIdentity"),
                          QStringLiteral("arn")}));
    QTest::keyClicks(keys(), QStringLiteral("na"));
    QTRY_COMPARE(shown(), QStringList{QStringLiteral("name")});
    QTest::keyClick(keys(), Qt::Key_Return);
    QVERIFY(!open());
    QCOMPARE(m_view->text(),
             QStringLiteral(
                 R"({"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name": "inbox"}}}]})"));
    // The value is selected: typing goes on with it.
    QTest::keyClicks(keys(), QStringLiteral("other"));
    QVERIFY(m_view->text().contains(QStringLiteral("\"name\": \"other\"")));
}

void TestEventCompleter::ctrlSpaceOpensItAnywhere()
{
    put(R"({"Records":[{"eventSource":"aws:s3","eventName":|}]})");
    QTest::keyClick(keys(), Qt::Key_Space, Qt::ControlModifier);
    QTRY_VERIFY(open());
    QCOMPARE(shown().first(), QStringLiteral("ObjectCreated:Put"));
    QTest::keyClick(keys(), Qt::Key_Enter);
    QVERIFY(m_view->text().endsWith(QStringLiteral("\"eventName\":\"ObjectCreated:Put\"}]}")));
    // What was selected has been typed over.
    QTest::keyClick(keys(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(keys(), QStringLiteral("{"));
    QTest::keyClick(keys(), Qt::Key_Space, Qt::ControlModifier);
    QTRY_COMPARE(shown(), QStringList{QStringLiteral("Records")});
    QTest::keyClick(keys(), Qt::Key_Escape);
    // In front of the trigger's own shape there was nothing to recognise.
    put("{|}");
    QTest::keyClick(keys(), Qt::Key_Space, Qt::ControlModifier);
    QTRY_COMPARE(shown(), QStringList{QStringLiteral("Records")});
}

void TestEventCompleter::closedItTakesNoKeys()
{
    put("{|}");
    QTest::keyClick(keys(), Qt::Key_Return);
    QVERIFY(m_view->text().startsWith(QStringLiteral("{\n")));
    QTest::keyClicks(keys(), QStringLiteral("zz"));
    settle();
    QVERIFY(!open()); // a word without quotes asks for nothing
    QTest::keyClick(keys(), Qt::Key_Down);
    QTest::keyClick(keys(), Qt::Key_Escape);
    QVERIFY(!open());
    // A closing quote is no beginning.
    put(R"({"a": "x|})");
    QTest::keyClicks(keys(), QStringLiteral("\""));
    settle();
    QVERIFY(!open());
}

void TestEventCompleter::escapeClosesIt()
{
    put(R"({"Records":[{"eventSource":"aws:s3",|}]})");
    QTest::keyClicks(keys(), QStringLiteral("\""));
    QTRY_VERIFY(open());
    QTest::keyClick(keys(), Qt::Key_Escape);
    QVERIFY(!open());
    const QString text = m_view->text();
    QTest::keyClicks(keys(), QStringLiteral("e"));
    settle();
    QVERIFY(!open()); // it stays closed
    QCOMPARE(m_view->text().size(), text.size() + 1);
}

void TestEventCompleter::arrowsChooseAndTabPutsIn()
{
    put(R"({"Records":[{"eventSource":"aws:s3","eventName":|}]})");
    QTest::keyClicks(keys(), QStringLiteral("\""));
    QTRY_VERIFY(open());
    QTest::keyClick(keys(), Qt::Key_Down);
    QTest::keyClick(keys(), Qt::Key_Down);
    QTest::keyClick(keys(), Qt::Key_Up);
    QTest::keyClick(keys(), Qt::Key_Tab);
    QVERIFY(keys()->hasFocus());
    QVERIFY(m_view->text().endsWith(QStringLiteral("\"eventName\":\"ObjectCreated:Post\"}]}")));
    // PageDown ends at the last, Up from the first stays there.
    QTest::keyClick(keys(), Qt::Key_Left);
    QTest::keyClick(keys(), Qt::Key_Space, Qt::ControlModifier);
    QTRY_VERIFY(open());
    QTest::keyClick(keys(), Qt::Key_Up);
    QCOMPARE(popup()->currentIndex().row(), 0);
    for (int page = 0; page < 9; ++page)
        QTest::keyClick(keys(), Qt::Key_PageDown);
    QCOMPARE(popup()->currentIndex().row(), popup()->model()->rowCount() - 1);
}

void TestEventCompleter::bracesOpenTheVariables()
{
    put(R"({"mine": "at |"})");
    QTest::keyClicks(keys(), QStringLiteral("{"));
    settle();
    QVERIFY(!open());
    QTest::keyClicks(keys(), QStringLiteral("{"));
    QTRY_COMPARE(shown(),
                 (QStringList{QStringLiteral("{{now}}"), QStringLiteral("{{uuid}}"),
                              QStringLiteral("{{counter}}")}));
    QTest::keyClicks(keys(), QStringLiteral("u"));
    QTRY_COMPARE(shown(), QStringList{QStringLiteral("{{uuid}}")});
    QTest::keyClick(keys(), Qt::Key_Return);
    QCOMPARE(m_view->text(), QStringLiteral(R"({"mine": "at {{uuid}}"})"));
}

void TestEventCompleter::keysOfObjectsComeFromTheFolder()
{
    write(QStringLiteral("inbox/in/report 01.csv"), "twelve bytes");
    write(QStringLiteral("inbox/in/.hidden"), "x");
    write(QStringLiteral("inbox/top.csv"), "x");
    const QByteArray head
        = R"({"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name":"inbox"},"object":{)";
    put(head + R"("key":|}}}]})");
    QTest::keyClicks(keys(), QStringLiteral("\""));
    QTRY_VERIFY_WITH_TIMEOUT(shown().contains(QStringLiteral("in/report+01.csv")), kPatienceMs);
    QVERIFY(shown().contains(QStringLiteral("top.csv")));
    QVERIFY(!shown().join(QLatin1Char(' ')).contains(QStringLiteral("hidden")));
    QTest::keyClicks(keys(), QStringLiteral("in/r"));
    QTRY_COMPARE_WITH_TIMEOUT(shown(), QStringList{QStringLiteral("in/report+01.csv")},
                              kPatienceMs);
    QTest::keyClick(keys(), Qt::Key_Return);
    QVERIFY(m_view->text().contains(QStringLiteral("\"key\":\"in/report+01.csv\"")));
    // And its size.
    put(head + R"("key":"in/report+01.csv","size":|}}}]})");
    QTest::keyClick(keys(), Qt::Key_Space, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(shown().value(0), QStringLiteral("12"), kPatienceMs);
}

void TestEventCompleter::otherTestEventsTeach()
{
    write(QStringLiteral("events/mine.json"), R"({"order": {"grams": 5}})");
    write(QStringLiteral("events/others.json"), R"({"foreign": 1})");
    write(QStringLiteral("events/others.expect.json"), R"({"function": "g"})");
    write(QStringLiteral("events/broken.json"), R"({"half": )");
    put(R"({"mine": 1, |})");
    QTest::keyClicks(keys(), QStringLiteral("\""));
    QTRY_COMPARE_WITH_TIMEOUT(shown(), QStringList{QStringLiteral("order")}, kPatienceMs);
    QTest::keyClick(keys(), Qt::Key_Return);
    QCOMPARE(m_view->text(), QStringLiteral(R"({"mine": 1, "order": { "grams": 5 }})"));
}

void TestEventCompleter::oneUndoTakesItBack()
{
    put("{\n  \"rawPath\": \"/\"\n  |\n}");
    const QString before = m_view->text();
    QTest::keyClick(keys(), Qt::Key_Space, Qt::ControlModifier);
    QTRY_VERIFY(open());
    QTest::keyClick(keys(), Qt::Key_Return);
    QVERIFY(m_view->text().contains(QStringLiteral("\"/\",\n  \"version\": \"2.0\"")));
    QTest::keyClick(keys(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_view->text(), before);
}

void TestEventCompleter::leavingClosesIt()
{
    const auto ask = [this] {
        put("{|}");
        m_view->setFocus();
        QTest::keyClick(keys(), Qt::Key_Space, Qt::ControlModifier);
        QTRY_VERIFY(open());
    };
    ask();
    QTest::keyClick(keys(), Qt::Key_Left);
    QVERIFY(!open());
    ask();
    QTest::mouseClick(keys()->findChild<QWidget*>(QStringLiteral("qt_scrollarea_viewport")),
                      Qt::LeftButton, {}, QPoint(300, 200));
    QVERIFY(!open());
    ask();
    keys()->clearFocus();
    QVERIFY(!open());
}

void TestEventCompleter::aMouseClickPutsIn()
{
    put("{|}");
    QTest::keyClick(keys(), Qt::Key_Space, Qt::ControlModifier);
    QTRY_VERIFY(open());
    QVERIFY(keys()->hasFocus());
    const QRect row = popup()->visualRect(popup()->model()->index(0, 0));
    QTest::mouseClick(popup()->viewport(), Qt::LeftButton, {}, row.center());
    QTRY_VERIFY(!open());
    QVERIFY(m_view->text().startsWith(QStringLiteral("{\"Records\": [")));
}

void TestEventCompleter::aMegabyteIsTypedIn()
{
    QByteArray text = R"({"Records":[)";
    while (text.size() < (1 << 20))
        text += R"({"eventSource":"aws:s3","s3":{"bucket":{"name":"b"}}},)";
    put(text + "{|}]}");
    QTest::keyClicks(keys(), QStringLiteral("\""));
    QTRY_VERIFY(open());
    QVERIFY(shown().contains(QStringLiteral("eventName")));
}

QTEST_MAIN(TestEventCompleter)
#include "tst_event_completer.moc"

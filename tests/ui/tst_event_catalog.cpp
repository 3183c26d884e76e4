#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "ui/editor/event_catalog.h"

using namespace coldframe::ui;

class TestEventCatalog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void functionStartsWithTheEventThatSuitsIt_data();
    void functionStartsWithTheEventThatSuitsIt();
    void savedEventsCanBeReadAgain();
    void namesThatLeadElsewhereAreRefused();
    void shippedTemplatesAreAllThere();

private:
    void write(const QString& name, const QByteArray& text)
    {
        QFile file(m_folder->filePath(QStringLiteral("events/") + name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestEventCatalog::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("events")));
}

void TestEventCatalog::functionStartsWithTheEventThatSuitsIt_data()
{
    QTest::addColumn<QByteArray>("expectationOfA");
    QTest::addColumn<QString>("secondEvent");
    QTest::addColumn<QString>("chosen");
    const QString other = QStringLiteral("b.json");
    QTest::newRow("nothing is said: the first") << QByteArray() << other << "a.json";
    QTest::newRow("the first fails")
        << QByteArray(R"({"function":"f","status":"failed"})") << other << "b.json";
    QTest::newRow("the first is another's")
        << QByteArray(R"({"function":"g","status":"succeeded"})") << other << "b.json";
    QTest::newRow("the first succeeds")
        << QByteArray(R"({"function":"f","status":"succeeded"})") << other << "a.json";
    QTest::newRow("one has its name") << QByteArray(R"({"function":"f","status":"succeeded"})")
                                      << QStringLiteral("f.json") << "f.json";
}

void TestEventCatalog::functionStartsWithTheEventThatSuitsIt()
{
    QFETCH(QByteArray, expectationOfA);
    QFETCH(QString, secondEvent);
    QFETCH(QString, chosen);
    write(QStringLiteral("a.json"), "{}");
    write(secondEvent, "{}");
    if (!expectationOfA.isEmpty())
        write(QStringLiteral("a.expect.json"), expectationOfA);
    const QList<EventEntry> entries = testEvents(m_folder->path());
    QCOMPARE(entries.size(), 2);
    const EventEntry* first = firstEventFor(entries, QStringLiteral("f"));
    QVERIFY(first);
    QCOMPARE(first->title, chosen);
}

void TestEventCatalog::savedEventsCanBeReadAgain()
{
    QString problem, text;
    QVERIFY2(saveTestEvent(m_folder->path(), QStringLiteral("mine"), QStringLiteral("{\"ä\": 1}"),
                           problem),
             qPrintable(problem));
    QVERIFY(readEvent(m_folder->filePath(QStringLiteral("events/mine.json")), text, problem));
    QCOMPARE(text, QStringLiteral("{\"ä\": 1}"));
}

void TestEventCatalog::namesThatLeadElsewhereAreRefused()
{
    QString problem;
    QVERIFY(!saveTestEvent(m_folder->path(), QStringLiteral("../coldframe"), QStringLiteral("{}"),
                           problem));
    QCOMPARE(problem,
             QStringLiteral("A test event's name has no slash and does not begin with a dot."));
    QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("coldframe.json"))));
}

void TestEventCatalog::shippedTemplatesAreAllThere()
{
    const QList<EventEntry> templates
        = eventTemplates(QStringLiteral(COLDFRAME_SOURCE_DIR "/resources"));
    QVERIFY(templates.size() >= 5);
    for (const EventEntry& entry : templates)
        QVERIFY2(QFile::exists(entry.path), qPrintable(entry.path));
}

QTEST_GUILESS_MAIN(TestEventCatalog)
#include "tst_event_catalog.moc"

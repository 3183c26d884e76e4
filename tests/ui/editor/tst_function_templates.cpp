#include <QComboBox>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include "ui/editor/event_pane.h"
#include "ui/editor/function_templates.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

constexpr int kPatienceMs = 30'000;
const QString kResources = QStringLiteral(COLDFRAME_SOURCE_DIR "/resources");

} // namespace

/// Events for the triggers of a function, over a real folder, and their place in the list.
class TestFunctionTemplates : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void aFileTriggerTellsOfARealObject_data();
    void aFileTriggerTellsOfARealObject();
    void withoutAnObjectItIsMadeUpToFit();
    void removedFilesHaveAnEventOfTheirOwn();
    void contentIsTheFileItself();
    void schedulesHaveTheirOwnEvent();
    void aQueueTriggerHasABatch();
    void othersTriggersAreLeftOut();
    void theListBeginsWithThem();
    void aWorkspaceThatChangesKeepsTheChoice();
    void aStoreThatIsGoneHarmsNothing();

private:
    QList<FunctionTemplate> of(const std::vector<Trigger>& triggers)
    {
        m_workspace->triggers = triggers;
        return functionTemplates(*m_workspace, "f");
    }
    static QJsonObject made(const FunctionTemplate& event)
    {
        const Result<QString> text = event.make();
        return text ? QJsonDocument::fromJson(text->toUtf8()).object() : QJsonObject();
    }
    static QJsonObject recordOf(const QJsonObject& event)
    {
        return event.value(QStringLiteral("Records")).toArray().at(0).toObject();
    }
    void write(const QString& name, const QByteArray& bytes)
    {
        const QString path = m_folder->filePath(name);
        QDir().mkpath(QFileInfo(path).absolutePath());
        QFile file(path);
        if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
    }
    Trigger upload(EventShape shape, bool removed = false) const
    {
        return {"on-upload",
                "f",
                true,
                {},
                FileTrigger{.store = "inbox",
                            .onRemoved = removed,
                            .prefix = "in/",
                            .suffix = ".json",
                            .shape = shape}};
    }

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<Workspace> m_workspace;
};

void TestFunctionTemplates::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_function_templates"));
    m_themes = std::make_unique<ThemeManager>();
}

void TestFunctionTemplates::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_workspace = std::make_shared<Workspace>();
    m_workspace->folder = m_folder->path().toStdString();
    m_workspace->functions.emplace_back().name = "f";
    m_workspace->functions.emplace_back().name = "g";
    m_workspace->stores
        = {{"inbox", FolderStore{(m_folder->path() + QStringLiteral("/inbox")).toStdString()}}};
}

void TestFunctionTemplates::aFileTriggerTellsOfARealObject_data()
{
    QTest::addColumn<int>("shape");
    QTest::newRow("s3") << int(EventShape::S3);
    QTest::newRow("eventbridge") << int(EventShape::EventBridge);
    QTest::newRow("cloudevents") << int(EventShape::CloudEvents);
    QTest::newRow("body") << int(EventShape::Body);
}

void TestFunctionTemplates::aFileTriggerTellsOfARealObject()
{
    QFETCH(int, shape);
    const QByteArray bytes = "{\"a\": [1, 2]}";
    write(QStringLiteral("inbox/in/a note.txt"), "not for this trigger");
    write(QStringLiteral("inbox/in/the one.json"), bytes);
    const auto found = of({upload(static_cast<EventShape>(shape))});
    QCOMPARE(found.size(), 1);
    const QJsonObject event = made(found.front());
    const QString sum
        = QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toHex());
    QJsonObject object, bucket;
    switch (static_cast<EventShape>(shape)) {
    case EventShape::S3: {
        const QJsonObject s3 = recordOf(event).value(QStringLiteral("s3")).toObject();
        object = s3.value(QStringLiteral("object")).toObject();
        QCOMPARE(s3.value(QStringLiteral("configurationId")).toString(),
                 QStringLiteral("on-upload"));
        QCOMPARE(s3.value(QStringLiteral("bucket")).toObject().value(QStringLiteral("name")),
                 QJsonValue(QStringLiteral("inbox")));
        QCOMPARE(object.value(QStringLiteral("key")).toString(), QStringLiteral("in/the+one.json"));
        QCOMPARE(object.value(QStringLiteral("eTag")).toString(), sum);
        break;
    }
    case EventShape::EventBridge:
        object = event.value(QStringLiteral("detail"))
                     .toObject()
                     .value(QStringLiteral("object"))
                     .toObject();
        QCOMPARE(object.value(QStringLiteral("key")).toString(), QStringLiteral("in/the one.json"));
        QCOMPARE(object.value(QStringLiteral("etag")).toString(), sum);
        break;
    case EventShape::CloudEvents:
        object = event.value(QStringLiteral("data")).toObject();
        QCOMPARE(object.value(QStringLiteral("store")).toString(), QStringLiteral("inbox"));
        break;
    default:
        QCOMPARE(event.value(QStringLiteral("body")).toString(), QString::fromUtf8(bytes));
        return;
    }
    QCOMPARE(object.value(QStringLiteral("size")).toInt(), int(bytes.size()));
}

void TestFunctionTemplates::withoutAnObjectItIsMadeUpToFit()
{
    write(QStringLiteral("inbox/in/a note.txt"), "not for this trigger");
    const QJsonObject object = recordOf(made(of({upload(EventShape::S3)}).front()))
                                   .value(QStringLiteral("s3"))
                                   .toObject()
                                   .value(QStringLiteral("object"))
                                   .toObject();
    QCOMPARE(object.value(QStringLiteral("key")).toString(), QStringLiteral("in/example.json"));
    QVERIFY(object.contains(QStringLiteral("eTag")));
}

void TestFunctionTemplates::removedFilesHaveAnEventOfTheirOwn()
{
    const auto found = of({upload(EventShape::S3, true)});
    QCOMPARE(found.size(), 2);
    QCOMPARE(found[1].title, QStringLiteral("on-upload: file removed from “inbox”"));
    const QJsonObject record = recordOf(made(found[1]));
    QCOMPARE(record.value(QStringLiteral("eventName")).toString(),
             QStringLiteral("ObjectRemoved:Delete"));
    QVERIFY(!record.value(QStringLiteral("s3"))
                 .toObject()
                 .value(QStringLiteral("object"))
                 .toObject()
                 .contains(QStringLiteral("size")));
}

void TestFunctionTemplates::contentIsTheFileItself()
{
    const auto found = of({upload(EventShape::Content)});
    QCOMPARE(found.size(), 1);
    QVERIFY(found.front().description.contains(QStringLiteral("the file itself")));
    QVERIFY(made(found.front()).isEmpty());
    write(QStringLiteral("inbox/in/a.json"), "{\"from\": \"the file\"}");
    QCOMPARE(made(found.front()).value(QStringLiteral("from")).toString(),
             QStringLiteral("the file"));
    write(QStringLiteral("inbox/in/a.json"), "{\"from\": ");
    const Result<QString> broken = found.front().make();
    QVERIFY(!broken);
    QVERIFY(broken.error().file.find("a.json") != std::string::npos);
}

void TestFunctionTemplates::schedulesHaveTheirOwnEvent()
{
    const auto found = of({{"nightly", "f", true, {}, ScheduleTrigger{.expression = "rate(1 day)"}},
                           {"hourly",
                            "f",
                            true,
                            {},
                            ScheduleTrigger{.expression = "rate(1 hour)", .event = R"({"n":7})"}},
                           {"hand", "f", true, {}, ManualTrigger{R"({"by":"hand"})"}}});
    QCOMPARE(found.size(), 3);
    const QJsonObject scheduled = made(found[0]);
    QCOMPARE(scheduled.value(QStringLiteral("detail-type")).toString(),
             QStringLiteral("Scheduled Event"));
    QVERIFY(scheduled.value(QStringLiteral("resources"))
                .toArray()
                .at(0)
                .toString()
                .endsWith(QStringLiteral("rule/nightly")));
    QCOMPARE(made(found[1]).value(QStringLiteral("n")).toInt(), 7);
    QCOMPARE(made(found[2]).value(QStringLiteral("by")).toString(), QStringLiteral("hand"));
    QCOMPARE(found[1].title, QStringLiteral("hourly: rate(1 hour)"));
}

void TestFunctionTemplates::aQueueTriggerHasABatch()
{
    m_workspace->stores.push_back({"parts", QueueStore{}});
    m_workspace->stores.push_back({"orders", QueueStore{.fifo = true}});
    const auto found = of({{"work", "f", true, {}, QueueTrigger{.store = "parts"}},
                           {"sort", "f", true, {}, QueueTrigger{.store = "orders"}},
                           {"wrong", "f", true, {}, QueueTrigger{.store = "inbox"}}});
    QCOMPARE(found.size(), 2);
    QCOMPARE(found[0].title, QStringLiteral("work: message in “parts”"));
    QCOMPARE(found[0].shape, std::string("sqs"));
    const QJsonObject record = recordOf(made(found[0]));
    QCOMPARE(record.value(QStringLiteral("body")).toString(), QStringLiteral("{\"n\": 1}"));
    QCOMPARE(record.value(QStringLiteral("md5OfBody")).toString(),
             QString::fromLatin1(
                 QCryptographicHash::hash("{\"n\": 1}", QCryptographicHash::Md5).toHex()));
    QVERIFY(record.value(QStringLiteral("eventSourceARN"))
                .toString()
                .endsWith(QStringLiteral(":parts")));
    QCOMPARE(recordOf(made(found[1]))
                 .value(QStringLiteral("attributes"))
                 .toObject()
                 .value(QStringLiteral("MessageGroupId"))
                 .toString(),
             QStringLiteral("example"));
}

void TestFunctionTemplates::othersTriggersAreLeftOut()
{
    Trigger other = upload(EventShape::S3);
    other.function = "g";
    QVERIFY(of({other}).isEmpty());
}

void TestFunctionTemplates::theListBeginsWithThem()
{
    write(QStringLiteral("inbox/in/the one.json"), "{}");
    of({upload(EventShape::S3)});
    EventPane pane(kResources);
    pane.setWorkspace(m_folder->path());
    pane.setModel(m_workspace);
    pane.setFunction(QStringLiteral("g"));
    auto* list = pane.findChild<QComboBox*>();
    QCOMPARE(list->findText(QStringLiteral("For this function")), -1); // g has no triggers
    pane.setFunction(QStringLiteral("f"));
    pane.show();
    QVERIFY(QTest::qWaitForWindowActive(&pane));
    QCOMPARE(list->itemText(1), QStringLiteral("For this function"));
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down); // past the heading
    QCOMPARE(list->currentText(), QStringLiteral("on-upload: new file in “inbox”"));
    QTRY_VERIFY_WITH_TIMEOUT(pane.eventText().contains(QStringLiteral("\"in/the+one.json\"")),
                             kPatienceMs);
    QVERIFY(pane.isValid());
    const auto labels = pane.findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) {
        return label->isVisible() && label->text().startsWith(QStringLiteral("An S3 notification"));
    }));
}

void TestFunctionTemplates::aWorkspaceThatChangesKeepsTheChoice()
{
    of({upload(EventShape::S3)});
    EventPane pane(kResources);
    pane.setWorkspace(m_folder->path());
    pane.setModel(m_workspace);
    pane.setFunction(QStringLiteral("f"));
    auto* list = pane.findChild<QComboBox*>();
    list->setCurrentText(QStringLiteral("SNS: notification"));
    pane.setModel(std::make_shared<Workspace>());
    QCOMPARE(list->currentText(), QStringLiteral("SNS: notification"));
    QCOMPARE(list->findText(QStringLiteral("For this function")), -1);
}

void TestFunctionTemplates::aStoreThatIsGoneHarmsNothing()
{
    m_workspace->stores.clear();
    QVERIFY(of({upload(EventShape::S3)}).isEmpty());
    m_workspace->stores = {{"inbox", FolderStore{"/nowhere/at/all"}}};
    QCOMPARE(made(of({upload(EventShape::S3)}).front()).isEmpty(), false);
    QVERIFY(!QFile::exists(QStringLiteral("/nowhere")));
}

QTEST_MAIN(TestFunctionTemplates)
#include "tst_function_templates.moc"

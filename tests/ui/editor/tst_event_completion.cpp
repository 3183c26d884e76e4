#include <QFile>
#include <QTest>

#include <algorithm>
#include <random>

#include "model/json_text.h"
#include "ui/editor/event_catalog.h"
#include "ui/editor/event_completion.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

const QString kResources = QStringLiteral(COLDFRAME_SOURCE_DIR "/resources");

std::string resource(const QString& path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll().toStdString() : std::string();
}

} // namespace

/// What is suggested, with the shapes as they are shipped.
class TestEventCompletion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void everyTemplateIsKnownToItsShape();
    void everyDescribedKeyHasItsWords();
    void suggestsWhatBelongsThere_data();
    void suggestsWhatBelongsThere();
    void theDocumentSaysMoreThanTheTrigger();
    void keysComeWithColonValueAndComma_data();
    void keysComeWithColonValueAndComma();
    void onlyStringsAreHelpedUnasked();
    void objectsAreThoseOfTheStoreThatIsNamed();
    void otherTestEventsTeachTheirKeys();
    void inAFinishedWordTheOthersAreSuggested();
    void whatIsPutInKeepsTheDocumentRight();

private:
    Completions at(QByteArray text, bool asked = true) const
    {
        const qsizetype bar = text.indexOf('|');
        text.remove(bar, 1);
        return completionsAt(text.toStdString(), static_cast<std::size_t>(bar), m_known, asked);
    }
    QStringList labels(const QByteArray& text, bool asked = true) const
    {
        QStringList found;
        for (const Suggestion& one : at(text, asked).list)
            found << QString::fromStdString(one.label);
        return found;
    }
    /// The text with the suggestion of this name put in; the selection is in bars.
    QByteArray with(QByteArray text, const std::string& label) const
    {
        const qsizetype bar = text.indexOf('|');
        text.remove(bar, 1);
        const Completions found
            = completionsAt(text.toStdString(), static_cast<std::size_t>(bar), m_known);
        const auto one = std::ranges::find(found.list, label, &Suggestion::label);
        if (one == found.list.end())
            return "not suggested: " + QByteArray::fromStdString(label);
        std::string insert = one->insert;
        insert.insert(one->selectTo, "|");
        if (one->selectFrom != one->selectTo)
            insert.insert(one->selectFrom, "|");
        return text.left(static_cast<qsizetype>(one->from)) + QByteArray::fromStdString(insert)
            + text.mid(static_cast<qsizetype>(one->to));
    }

    EventShapes m_shapes;
    CompletionKnowledge m_known;
};

void TestEventCompletion::initTestCase()
{
    auto shapes = EventShapes::load(kResources.toStdString());
    QVERIFY2(shapes, shapes ? "" : describe(shapes.error()).c_str());
    m_shapes = std::move(*shapes);
}

void TestEventCompletion::init()
{
    m_known = {};
    m_known.shapes = &m_shapes;
    m_known.stores = {"inbox", "results"};
}

void TestEventCompletion::everyTemplateIsKnownToItsShape()
{
    const std::string index = resource(kResources + QStringLiteral("/events/index.json"));
    const auto list = parseJson(index, "index.json");
    QVERIFY(list);
    int checked = 0;
    for (const JsonValue& entry : list->root().find("templates")->elements()) {
        const std::string file = entry.find("file")->string(), id = entry.find("shape")->string();
        const std::string text
            = resource(kResources + QStringLiteral("/events/") + QString::fromStdString(file));
        const auto facts = jsonPlaceAt(text, 0).facts;
        const EventShapeInfo* shape = m_shapes.recognise(facts);
        QCOMPARE(shape ? shape->id : "plain", id);
        if (shape)
            QVERIFY2(EventShapes::possible(*shape, facts), file.c_str());
        ++checked;
    }
    QVERIFY(checked >= 20);
}

/// A described path that no template and no example has would be offered without a value.
void TestEventCompletion::everyDescribedKeyHasItsWords()
{
    int nodes = 0;
    const std::function<void(const ShapeNode&, const std::string&)> check
        = [&](const ShapeNode& node, const std::string& path) {
              ++nodes;
              QVERIFY2(!node.example.empty(), path.c_str());
              QVERIFY2(parseJson(node.example, {}), path.c_str());
              QVERIFY2(node.note.size() <= 70, path.c_str());
              for (const ShapeNode& member : node.members)
                  check(member, path + '.' + member.key);
              for (const ShapeNode& element : node.elements)
                  check(element, path + "[]");
          };
    for (const EventShapeInfo& shape : m_shapes.all())
        if (!shape.signs.empty())
            check(shape.root, shape.id);
    QVERIFY(nodes > 150);
}

void TestEventCompletion::suggestsWhatBelongsThere_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("wanted"); ///< these first, in this order
    QTest::addColumn<QStringList>("unwanted");
    using L = QStringList;
    const char* s3 = R"({"Records":[{"eventSource":"aws:s3",)";
    const QByteArray in(s3);
    QTest::newRow("keys of a bucket") << in + R"("s3":{"bucket":{"|"}}}]})"
                                      << L{"name", "ownerIdentity", "arn"} << L{"key", "Records"};
    QTest::newRow("without those that are there")
        << in + R"("s3":{"bucket":{"name":"x","|"}}}]})" << L{"ownerIdentity", "arn"} << L{"name"};
    QTest::newRow("what is typed chooses")
        << in + R"("s3":{"bucket":{"ar|"}}}]})" << L{"arn"} << L{"name"};
    QTest::newRow("beginnings before middles") << in + R"("na|"}]})" << L{"eventName"} << L{"s3"};
    QTest::newRow("half of it is typed") << in + R"("s3":{"object":{"|)"
                                         << L{"key", "size", "eTag"} << L{"name"};
    QTest::newRow("names of events")
        << in + R"("eventName":"|"}]})" << L{"ObjectCreated:Put", "ObjectCreated:Post"}
        << L{"INSERT"};
    QTest::newRow("regions") << in + R"("awsRegion": "eu-c|)" << L{"eu-central-1", "eu-central-2"}
                             << L{"us-east-1"};
    QTest::newRow("stores") << in + R"("s3":{"bucket":{"name":"|"}}}]})" << L{"inbox", "results"}
                            << L{};
    QTest::newRow("ARNs of stores") << in + R"("s3":{"bucket":{"arn":"|"}}}]})"
                                    << L{"arn:aws:s3:::inbox", "arn:aws:s3:::results"} << L{};
    QTest::newRow("the source is behind the cursor")
        << QByteArray(R"({"Records":[{"|", "eventSource":"aws:dynamodb"}]})")
        << L{"eventID", "eventName"} << L{"s3"};
    QTest::newRow("of a stream") << QByteArray(
        R"({"Records":[{"eventSource":"aws:dynamodb","eventName":"|"}]})")
                                 << L{"INSERT", "MODIFY", "REMOVE"} << L{"ObjectCreated:Put"};
    QTest::newRow("detail-type") << QByteArray(R"({"source":"aws.s3","detail-type":"|"})")
                                 << L{"Object Created", "Object Deleted"} << L{};
    QTest::newRow("a bucket over the bus")
        << QByteArray(R"({"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"|"}}})")
        << L{"inbox", "results"} << L{};
    QTest::newRow("methods") << QByteArray(
        R"({"version":"2.0","requestContext":{"http":{"method":"P|"}}})")
                             << L{"POST", "PUT", "PATCH"} << L{};
    QTest::newRow("true and false") << QByteArray(R"({"rawPath":"/","isBase64Encoded":|})")
                                    << L{"false", "true"} << L{};
    QTest::newRow("FIFO only") << QByteArray(
        R"({"Records":[{"eventSource":"aws:sqs","attributes":{"Me|"}}]})")
                               << L{"MessageGroupId", "MessageDeduplicationId"} << L{};
    QTest::newRow("variables") << QByteArray(R"({"mine":"at {{|"})")
                               << L{"{{now}}", "{{uuid}}", "{{counter}}"} << L{};
    QTest::newRow("one variable") << QByteArray(R"({"mine":"{{c|"})") << L{"{{counter}}"}
                                  << L{"{{now}}"};
    QTest::newRow("no variable of ours") << QByteArray(R"({"mine":"{{ Name|"})") << L{}
                                         << L{"{{now}}"};
    QTest::newRow("an empty one may become anything")
        << QByteArray("{|}") << L{"Records", "version"} << L{};
    QTest::newRow("an own one becomes none")
        << QByteArray(R"({"invoice":{"id":1},"|"})") << L{} << L{"Records", "version"};
    QTest::newRow("below own data nothing is known")
        << QByteArray(R"({"detail-type":"Paid","detail":{"x":{"|"}}})") << L{} << L{"Records", "id"};
}

void TestEventCompletion::suggestsWhatBelongsThere()
{
    QFETCH(QByteArray, text);
    QFETCH(QStringList, wanted);
    QFETCH(QStringList, unwanted);
    const QStringList found = labels(text);
    QCOMPARE(found.mid(0, wanted.size()), wanted);
    for (const QString& name : unwanted)
        QVERIFY2(!found.contains(name), qPrintable(found.join(QLatin1Char(' '))));
}

void TestEventCompletion::theDocumentSaysMoreThanTheTrigger()
{
    m_known.triggerShapes = {"scheduled"};
    QCOMPARE(labels("{\"|\"}").first(), QStringLiteral("version"));
    QVERIFY(!labels("{\"|\"}").contains(QStringLiteral("Records"))); // the trigger sends none
    QVERIFY(labels("{\"Records\":[{\"eventSource\":\"aws:s3\",\"|\"}]}")
                .contains(QStringLiteral("s3")));
    // Of another kind for sure, though which is open still.
    QVERIFY(labels("{\"Records\":[{\"|\"}]}").contains(QStringLiteral("kinesis")));
}

void TestEventCompletion::keysComeWithColonValueAndComma_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("label");
    QTest::addColumn<QByteArray>("after");
    const QByteArray head = R"({"Records":[{"eventSource":"aws:s3","s3":{"bucket":{)";
    QTest::newRow("a text") << head + "\"|}}}]}" << "name"
                            << head + "\"name\": \"|inbox|\"}}}]}";
    QTest::newRow("its quotes are there") << head + "\"na|\"}}}]}" << "name"
                                          << head + "\"name\": \"|inbox|\"}}}]}";
    QTest::newRow("its colon, too") << head + "\"na|\": 1}}}]}" << "name"
                                    << head + "\"name\"|: 1}}}]}";
    QTest::newRow("before another") << head + "\"|\n\"arn\": 1}}}]}" << "name"
                                    << head + "\"name\": \"|inbox|\",\n\"arn\": 1}}}]}";
    QTest::newRow("behind one without a comma")
        << head + "\"arn\": 1 |}}}]}" << "name" << head + "\"arn\": 1, \"name\": \"|inbox|\"}}}]}";
    QTest::newRow("a number")
        << QByteArray(R"({"Records":[{"eventSource":"aws:s3","s3":{"object":{|}}}]})") << "size"
        << QByteArray(R"({"Records":[{"eventSource":"aws:s3","s3":{"object":{"size": |14|}}}]})");
    QTest::newRow("an object, as deep as its line")
        << QByteArray("{\"rawPath\": \"/\",\n  \"requestContext\": {\n    \"|\n  }\n}") << "http"
        << QByteArray("{\"rawPath\": \"/\",\n  \"requestContext\": {\n    \"http\": {\n"
                      "      \"method\": \"POST\",\n      \"path\": \"/beds/3\",\n"
                      "      \"protocol\": \"HTTP/1.1\",\n      \"sourceIp\": \"127.0.0.1\",\n"
                      "      \"userAgent\": \"curl/7.88.1\"\n    }|\n  }\n}");
    QTest::newRow("a store of the workspace, further down, too")
        << QByteArray(R"({"source":"aws.s3","detail-type":"x","detail":{|}})") << "bucket"
        << QByteArray(R"({"source":"aws.s3","detail-type":"x","detail":{"bucket": { "name": "inbox" }|}})");
    QTest::newRow("a value") << head + "\"name\": \"in|\"}}}]}" << "inbox"
                             << head + "\"name\": \"inbox\"|}}}]}";
    QTest::newRow("a variable") << QByteArray(R"({"x":"a {{n|}} b"})") << "{{now}}"
                                << QByteArray(R"({"x":"a {{now}}| b"})");
}

void TestEventCompletion::keysComeWithColonValueAndComma()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, label);
    QFETCH(QByteArray, after);
    QCOMPARE(with(text, label.toStdString()), after);
}

void TestEventCompletion::onlyStringsAreHelpedUnasked()
{
    QVERIFY(labels("{\"rawPath\":\"/\",|}", false).isEmpty());
    QVERIFY(!labels("{\"rawPath\":\"/\",\"|}", false).isEmpty());
    QVERIFY(labels("{\"mine\": \"|\"}", false).isEmpty());
    QCOMPARE(labels("{\"mine\": \"|\"}"),
             (QStringList{QStringLiteral("{{now}}"), QStringLiteral("{{uuid}}"),
                          QStringLiteral("{{counter}}")}));
}

void TestEventCompletion::objectsAreThoseOfTheStoreThatIsNamed()
{
    const QByteArray head = R"({"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name":"inbox"},)";
    const QByteArray key = head + R"("object":{"key":"in/|"}}}]})";
    const Completions first = at(key);
    QCOMPARE(first.wanted.size(), std::size_t{1});
    QCOMPARE(first.wanted.front().store, std::string("inbox"));
    QCOMPARE(first.wanted.front().prefix, std::string("in/"));
    m_known.objects[first.wanted.front()] = {{"in/report 01.csv", 1834}, {"in/ä.csv", 2}};
    QCOMPARE(labels(key).mid(0, 2),
             (QStringList{QStringLiteral("in/report+01.csv"), QStringLiteral("in/%C3%A4.csv")}));
    QCOMPARE(at(key).list.front().note, std::string("1834 bytes in “inbox”"));
    // Its size is known, too.
    QCOMPARE(labels(head + R"("object":{"key":"in/report+01.csv","size":|}}}]})").first(),
             QStringLiteral("1834"));
    // Over the bus the key is plain.
    QCOMPARE(labels(R"({"source":"aws.s3","detail-type":"x","detail":{"bucket":{"name":"inbox"},"object":{"key":"in/r|"}}})")
                 .first(),
             QStringLiteral("in/report 01.csv"));
    // A bucket that is no store of ours.
    QVERIFY(at(R"({"Records":[{"s3":{"bucket":{"name":"other"},"object":{"key":"|"}}}]})")
                .wanted.empty());
}

void TestEventCompletion::otherTestEventsTeachTheirKeys()
{
    ShapeNode plain, queue;
    plain.learn(parseJson(R"({"order": 17, "lines": [{"sku": "a", "grams": 5}]})", {})->root());
    plain.learn(parseJson(R"({"order": 18, "rush": true})", {})->root());
    m_known.seen[""] = plain;
    QCOMPARE(labels("{\"|\"}"), (QStringList{QStringLiteral("order"), QStringLiteral("lines"),
                                             QStringLiteral("rush")}));
    QCOMPARE(labels("{\"lines\": [{}, {\"|\"}]}"),
             (QStringList{QStringLiteral("sku"), QStringLiteral("grams")}));
    QCOMPARE(with("{|}", "order"), QByteArray("{\"order\": |17|}"));
    // A key of the shape is not said again, one that is the user's own is added.
    queue.learn(parseJson(R"({"rawPath": "/x", "tenant": "acme"})", {})->root());
    m_known.seen["api-gateway-v2"] = queue;
    const QStringList request = labels("{\"rawQueryString\": \"\", \"|\"}");
    QVERIFY(!request.contains(QStringLiteral("tenant"))); // nothing tells what it is yet
    const QStringList known = labels("{\"routeKey\": \"/\", \"|\"}");
    QCOMPARE(known.count(QStringLiteral("rawPath")), 1);
    QVERIFY(known.contains(QStringLiteral("tenant")));
    // Those of another shape teach nothing here.
    QVERIFY(!labels("{\"rawPath\": \"/\", \"|\"}").contains(QStringLiteral("order")));
}

void TestEventCompletion::inAFinishedWordTheOthersAreSuggested()
{
    const QByteArray text = R"({"Records":[{"eventSource":"aws:dynamodb","eventName":"MODIFY|"}]})";
    QCOMPARE(labels(text), (QStringList{QStringLiteral("INSERT"), QStringLiteral("REMOVE"),
                                        QStringLiteral("{{now}}"), QStringLiteral("{{uuid}}"),
                                        QStringLiteral("{{counter}}")}));
}

/// Whatever is suggested at whatever place of a right document leaves a right one, and half typed
/// ones crash nothing.
void TestEventCompletion::whatIsPutInKeepsTheDocumentRight()
{
    std::mt19937 random(7); // NOLINT: the same every time
    int put = 0, halves = 0;
    for (const EventEntry& entry : eventTemplates(kResources)) {
        const std::string text = resource(entry.path);
        for (int round = 0; round < 40; ++round) {
            const std::size_t cursor = random() % (text.size() + 1);
            for (const Suggestion& one : completionsAt(text, cursor, m_known).list) {
                std::string after = text;
                after.replace(one.from, one.to - one.from, one.insert);
                const auto parsed = parseJson(after, {});
                const std::string why = parsed ? std::string() : describe(parsed.error());
                QVERIFY2(parsed || parsed.error().code == Error::Code::Duplicate,
                         (why + "\n" + one.label + "\n" + after).c_str());
                QVERIFY(one.selectFrom <= one.selectTo && one.selectTo <= one.insert.size());
                ++put;
            }
            const std::string half = text.substr(0, cursor);
            halves += !completionsAt(half, half.size(), m_known).list.empty();
        }
    }
    QVERIFY2(put > 300 && halves > 50, qPrintable(QStringLiteral("%1 %2").arg(put).arg(halves)));
}

QTEST_GUILESS_MAIN(TestEventCompletion)
#include "tst_event_completion.moc"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <ctime>
#include <random>

#include "ui/editor/json_place.h"

using namespace coldframe::ui;

namespace {

std::string resource(const QString& name)
{
    QFile file(QStringLiteral(COLDFRAME_SOURCE_DIR "/resources/events/") + name);
    return file.open(QFile::ReadOnly) ? file.readAll().toStdString() : std::string();
}

double cpuMs()
{
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return double(used.tv_sec) * 1e3 + double(used.tv_nsec) / 1e6;
}

/// "key Records[0].s3 typed siblings", the shortest way to say what was found.
QString words(const JsonPlace& place)
{
    if (place.kind == JsonPlace::Kind::Nothing)
        return QStringLiteral("nothing");
    QString said = place.kind == JsonPlace::Kind::Key ? QStringLiteral("key ")
                                                      : QStringLiteral("value ");
    said += QString::fromStdString(pathText(place.path, true));
    if (place.inString)
        said += QStringLiteral(" \"");
    if (!place.typed.empty())
        said += QLatin1Char('<') + QString::fromStdString(place.typed) + QLatin1Char('>');
    if (place.hasColon)
        said += QStringLiteral(" has-colon");
    if (place.commaAt)
        said += QStringLiteral(" comma-before");
    if (place.commaAfter)
        said += QStringLiteral(" comma-after");
    return said;
}

} // namespace

class TestJsonPlace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void knowsThePlace_data();
    void knowsThePlace();
    void tokensAreWholeAndNoMore_data();
    void tokensAreWholeAndNoMore();
    void knowsTheOtherKeys();
    void keepsWhatTellsTheShape();
    void anyPieceOfAnyDocumentIsFine();
    void oneMegabyteStallsNothing_data();
    void oneMegabyteStallsNothing();
};

/// The cursor is at the bar.
void TestJsonPlace::knowsThePlace_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("found");
    const auto row = [](const char* text, const char* found) {
        QTest::newRow(text) << QByteArray(text) << QString::fromLatin1(found);
    };
    row("|", "value ");
    row("{|", "key ");
    row("{|}", "key ");
    row("{\"|", "key  \"");
    row("{\"|\"}", "key  \"");
    row("{\"na|", "key  \"<na>");
    row("{\"na|\": 1}", "key  \"<na> has-colon");
    row("{na|}", "key <na>");
    row("{\"a\"| : 1}", "nothing");
    row("{\"a\":|", "value a");
    row("{\"a\": |}", "value a");
    row("{\"a\": \"x|\"}", "value a \"<x>");
    row("{\"a\": \"x|", "value a \"<x>");
    row("{\"a\": tr|}", "value a<tr>");
    row("{\"a\": 1, |}", "key ");
    row("{\"a\": 1, \"|", "key  \"");
    row("{\"a\": 1\n  |}", "key  comma-before");
    row("{\"a\": 1\n  \"|\n}", "key  \" comma-before");
    row("{\n  \"|\n  \"b\": 1\n}", "key  \" comma-after");
    row("{\n  |\n  \"b\": 1\n}", "key  comma-after");
    row("{\"a\": |\n  \"b\": 1}", "value a comma-after");
    row("{\"a\": \"|\n  \"b\": 1}", "value a \" comma-after");
    row("{\"a\": \"|, \"b\": 1}", "value a \"");
    row("{\"a\": [|", "value a[0]");
    row("{\"a\": [1, |]}", "value a[1]");
    row("{\"a\": [1 |]}", "nothing");
    row("{\"a\": [1, 2, {\"|", "key a[2] \"");
    row("[[|", "value [0][0]");
    row("{\"Records\":[{\"s3\":{\"bucket\":{\"|", "key Records[0].s3.bucket \"");
    row("{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"in|", "value Records[0].s3.bucket.name \"<in>");
    row("{\"Records\":[{\"a\":1},{\"s3\":{|}}]}", "key Records[1].s3");
    row("{\"Records\":[{\"s3\":{\"x\":[1,{}],\"object\":{\"k|}}}]}", "key Records[0].s3.object \"<k>");
    row("{\"a\": {\"b\": 1}, \"c\": |}", "value c");
    row("{\"a\": [1, {\"b\": 2}, \"c\": |", "nothing"); // a list has no keys
    row("{\"a\": [{\"b\": 2}, \"c\"}, \"d\": |", "nothing"); // the whole is closed
    row("{\"a\": {\"b\": [1, 2}, \"c\": |", "value c"); // the bracket is missing
    row("{\"a\" \"b|", "key  \"<b>");
    row("{\"a\": \n \"b\": |", "value b"); // a's value is missing
    row("{\"a\": \"un\n \"b\": |", "value b"); // so is a quote
    row("{\"a\": \"x\\\"y|\"}", "value a \"<x\\\"y>");
    row("{\"a\": \"\\\\\", \"|", "key  \"");
    row("{\"a\": \"{[:,|\"}", "value a \"<{[:,>");
    row("{\"s\": \"{{|", "value s \"<{{>");
    row("{\"ä\": \"ö|", "value ä \"<ö>");
    row("}}]]|", "value "); // nothing was open: nothing is closed
    row("{\"a\": 1}|", "nothing");
    row("{\"a\"|", "nothing");
    row("|{\"a\": 1}", "nothing"); // there is one already
    row("{\"a\": | 1}", "nothing");
    row("{\"a\": | \"x\"}", "nothing");
    row("[| 1]", "value [0] comma-after");
    row("{: |", "value ");
}

void TestJsonPlace::knowsThePlace()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, found);
    const qsizetype bar = text.indexOf('|');
    text.remove(bar, 1);
    found = QString::fromUtf8(found.toLatin1());
    QCOMPARE(words(jsonPlaceAt(text.toStdString(), static_cast<std::size_t>(bar))), found);
}

void TestJsonPlace::tokensAreWholeAndNoMore_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("token");
    const auto row = [](const char* text, const char* token) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(token);
    };
    row("{\"na|me\": 1}", "\"name\"");
    row("{\"na|\n \"b\": 1}", "\"na");
    row("{\"na|, \"b\": 1}", "\"na");
    row("{\"a\": \"x|y\" }", "\"xy\"");
    row("{\"a\": \"x|y", "\"x");
    row("{\"a\": \"arn:aws:s3:::|, }", "\"arn:aws:s3:::");
    row("{\"a\": fal|se}", "false");
    row("{\"a\": | }", "");
    row("{\"a\": \"|\"}", "\"\"");
    row("[\"a|\", \"b\"]", "\"a\"");
}

void TestJsonPlace::tokensAreWholeAndNoMore()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, token);
    const qsizetype bar = text.indexOf('|');
    text.remove(bar, 1);
    const JsonPlace place = jsonPlaceAt(text.toStdString(), static_cast<std::size_t>(bar));
    QVERIFY(place.to >= place.from);
    QCOMPARE(text.mid(static_cast<qsizetype>(place.from),
                      static_cast<qsizetype>(place.to - place.from)),
             token);
}

void TestJsonPlace::knowsTheOtherKeys()
{
    const std::string text = R"({"o": {"x": 1, "", "y": {"deep": 1}, "z": [{"q": 1}]}, "p": 2})";
    const JsonPlace place = jsonPlaceAt(text, text.find("\"\"") + 1);
    QCOMPARE(words(place), QStringLiteral("key o \""));
    QCOMPARE(place.siblings, (std::vector<std::string>{"x", "y", "z"}));
    // And in one that is never closed.
    QCOMPARE(jsonPlaceAt(R"({"a": 1, "b": 2, ")", 18).siblings,
             (std::vector<std::string>{"a", "b"}));
}

void TestJsonPlace::keepsWhatTellsTheShape()
{
    // Of a list, the first element and the one around the cursor.
    std::string text = R"({"Records": [)";
    for (int record = 0; record < 500; ++record)
        text += R"({"eventSource": "aws:s3", "s3": {"bucket": {"name": "b)" + std::to_string(record)
            + R"("}, "object": {"key": ""}}},)";
    text += "]}";
    const std::size_t wanted = text.find("\"key\": \"", text.find("\"b417\"")) + 8;
    const JsonPlace place = jsonPlaceAt(text, wanted);
    QCOMPARE(words(place), QStringLiteral("value Records[417].s3.object.key \""));
    const auto value = [&place](const std::string& path) {
        const auto fact = std::ranges::find(place.facts, path, &JsonFact::path);
        return fact == place.facts.end() ? std::string("none") : fact->value;
    };
    QCOMPARE(value("Records[0].eventSource"), std::string("aws:s3"));
    QCOMPARE(value("Records[417].s3.bucket.name"), std::string("b417"));
    QCOMPARE(value("Records[416].s3.bucket.name"), std::string("none"));
    QCOMPARE(value("Records[418].s3.bucket.name"), std::string("none"));
}

/// Every template cut off anywhere, and with pieces torn out of it, at any cursor.
void TestJsonPlace::anyPieceOfAnyDocumentIsFine()
{
    std::mt19937 random(20260512); // NOLINT: the same every time
    const auto below = [&random](std::size_t end) { return end ? random() % end : 0; };
    const char signs[] = "{}[]:,\"\\\n x1\xc3";
    int keys = 0, values = 0;
    for (const char* name : {"s3-put.json", "sqs-s3.json", "api-gateway-v1.json", "sns.json"}) {
        const std::string whole = resource(QString::fromLatin1(name));
        QVERIFY(!whole.empty());
        for (int round = 0; round < 3000; ++round) {
            std::string text = whole.substr(0, below(whole.size() + 1));
            for (std::size_t tear = below(4); tear > 0 && !text.empty(); --tear) {
                const std::size_t at = below(text.size());
                if (random() % 2)
                    text.erase(at, below(20));
                else
                    text.insert(at, 1, signs[below(sizeof signs - 1)]);
            }
            const std::size_t cursor = below(text.size() + 3); // beyond the end, too
            const JsonPlace place = jsonPlaceAt(text, cursor);
            QVERIFY(place.from <= place.to && place.to <= text.size());
            QVERIFY(place.kind == JsonPlace::Kind::Nothing
                    || (place.from <= cursor && place.to >= std::min(cursor, text.size())));
            keys += place.kind == JsonPlace::Kind::Key;
            values += place.kind == JsonPlace::Kind::Value;
        }
    }
    QVERIFY2(keys > 500 && values > 500, qPrintable(QStringLiteral("%1 %2").arg(keys).arg(values)));
}

void TestJsonPlace::oneMegabyteStallsNothing_data()
{
    QTest::addColumn<QByteArray>("piece");
    QTest::newRow("records")
        << QByteArray(R"({"eventSource": "aws:s3", "s3": {"bucket": {"name": "b"}}},)");
    QTest::newRow("open brackets") << QByteArray("[");
    QTest::newRow("open objects") << QByteArray("{\"a\":");
    QTest::newRow("quotes") << QByteArray("\"");
    QTest::newRow("backslashes") << QByteArray("\\");
    QTest::newRow("members") << QByteArray("\"abcdefghij\": 1, ");
    QTest::newRow("closing brackets") << QByteArray("]}");
    QTest::newRow("one long word") << QByteArray("x");
}

void TestJsonPlace::oneMegabyteStallsNothing()
{
#ifdef COLDFRAME_SLOW_BUILD
    QSKIP("times are told by the release build");
#endif
    QFETCH(QByteArray, piece);
    std::string text = R"({"Records": [)";
    text += piece.repeated((1 << 20) / piece.size()).toStdString();
    for (const std::size_t cursor : {text.size() / 2, text.size()}) {
        const double before = cpuMs();
        const JsonPlace place = jsonPlaceAt(text, cursor);
        const double used = cpuMs() - before;
        QVERIFY2(used < 100, qPrintable(QStringLiteral("%1 ms").arg(used)));
        QVERIFY(place.to <= text.size());
    }
}

QTEST_GUILESS_MAIN(TestJsonPlace)
#include "tst_json_place.moc"

#include <QTest>

#include "ui/editor/json_format.h"

using namespace coldframe;

class TestJsonFormat : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void indents_data();
    void indents();
};

void TestJsonFormat::indents_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("formatted");
    QTest::newRow("plain value") << QByteArray(" 12 ") << QByteArray("12\n");
    QTest::newRow("empty object") << QByteArray("{ }") << QByteArray("{}\n");
    QTest::newRow("short object stays on a line")
        << QByteArray(R"({"a":1,"b":[ ]})") << QByteArray("{\n  \"a\": 1,\n  \"b\": []\n}\n");
    QTest::newRow("numbers keep their digits") << QByteArray("[1.50,1e3,12345678901234567890]")
                                               << QByteArray("[1.50, 1e3, 12345678901234567890]\n");
    QTest::newRow("strings keep their escapes")
        << QByteArray(R"({"a\"b":"\u00e9\n"})") << QByteArray("{ \"a\\\"b\": \"\\u00e9\\n\" }\n");
    QTest::newRow("nested") << QByteArray(R"({"s3":{"object":{"key":"a","size":2}}})")
                            << QByteArray("{\n  \"s3\": {\n    \"object\": { \"key\": \"a\", "
                                          "\"size\": 2 }\n  }\n}\n");
    QTest::newRow("long lists break")
        << QByteArray("[\"" + QByteArray(40, 'x') + "\",\"" + QByteArray(40, 'y') + "\"]")
        << QByteArray("[\n  \"" + QByteArray(40, 'x') + "\",\n  \"" + QByteArray(40, 'y')
                      + "\"\n]\n");
}

void TestJsonFormat::indents()
{
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, formatted);
    const auto parsed = parseJson(typed.toStdString(), {});
    QVERIFY(parsed.has_value());
    QCOMPARE(QByteArray::fromStdString(ui::formatJson(*parsed)), formatted);
    // Formatting what is formatted changes nothing.
    const auto again = parseJson(formatted.toStdString(), {});
    QCOMPARE(QByteArray::fromStdString(ui::formatJson(*again)), formatted);
}

QTEST_APPLESS_MAIN(TestJsonFormat)
#include "tst_json_format.moc"

#include "edited_workspace.h"
#include "ui/dialogs/store_dialog.h"
#include "ui/dialogs/trigger_dialog.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace coldframe::ui::edit_test;

/// The dialogs of triggers and stores with keys and clicks; what they leave in the file.
class TestTriggerDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() { m_workspace.write(QStringLiteral("coldframe.json"), EditedWorkspace::kFile); }
    void aFileTriggerIsAdded();
    void aFileTriggerChangesItsPlaceOnly();
    void whatIsTheDefaultIsWrittenOnlyWhenItIsChanged_data();
    void whatIsTheDefaultIsWrittenOnlyWhenItIsChanged();
    void aScheduleTellsItsNextTimesAsItIsTyped();
    void aTimeZoneThatIsNoneIsToldAtItsField();
    void aManualTriggerTakesAnEvent();
    void anHttpTriggerTakesARoute();
    void cancelledChangesNothing();
    void aStoreIsAdded();
    void aStoreCannotBeTheWorkspace();
    void aRenamedStoreIsRenamedWhereItIsNamed();
    void aCancelledStoreChangesNothing();

private:
    static QString next(const EntryDialog& dialog)
    {
        const auto* label = dialog.findChild<QLabel*>(QStringLiteral("next"));
        return label->isVisible() ? label->text() : QString();
    }
    EditedWorkspace m_workspace;
};

void TestTriggerDialog::aFileTriggerIsAdded()
{
    const auto dialog = m_workspace.open<TriggerDialog>("");
    QVERIFY(dialog);
    QVERIFY(!ok(*dialog)->isEnabled());
    QCOMPARE(rest(*dialog), QStringLiteral("Still needed: Name."));
    type(*dialog, "", QStringLiteral("on csv"));
    QTRY_COMPARE(problem(*dialog, ""),
                 QStringLiteral("\"on csv\" is not a name for a trigger — use 1 to 64 letters, "
                                "digits, _ and -"));
    type(*dialog, "", QStringLiteral("on-csv"));
    choose(*dialog, "store", QStringLiteral("out"));
    type(*dialog, "suffix", QStringLiteral(".csv"));
    choose(*dialog, "shape", QStringLiteral("content"));
    choose(*dialog, "function", QStringLiteral("pipe"));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(m_workspace.file(),
             EditedWorkspace::with("\"rate(1 day)\", \"function\": \"one\" }\n",
                                   "\"rate(1 day)\", \"function\": \"one\" },\n    \"on-csv\": {\n"
                                   "      \"kind\": \"file\",\n      \"store\": \"out\",\n      "
                                   "\"suffix\": \".csv\",\n      \"shape\": \"content\",\n      "
                                   "\"function\": \"pipe\"\n    }\n"));
}

void TestTriggerDialog::aFileTriggerChangesItsPlaceOnly()
{
    const auto dialog = m_workspace.open<TriggerDialog>("files");
    QVERIFY(dialog);
    QVERIFY(!field<QComboBox>(*dialog, "kind")->isEnabled());
    QVERIFY(!field(*dialog, "expression")->isVisible());
    QCOMPARE(field<QComboBox>(*dialog, "store")->currentText(), QStringLiteral("in"));
    type(*dialog, "prefix", QStringLiteral("new/"));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::keyClick(field(*dialog, "prefix"), Qt::Key_Return);
    QCOMPARE(m_workspace.file(),
             EditedWorkspace::with("\"store\": \"in\", \"function\": \"one\"",
                                   "\"store\": \"in\", \"function\": \"one\", \"prefix\": "
                                   "\"new/\""));
}

void TestTriggerDialog::whatIsTheDefaultIsWrittenOnlyWhenItIsChanged_data()
{
    QTest::addColumn<QString>("trigger");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("choice");
    QTest::addColumn<QByteArray>("written");
    QTest::newRow("enabled") << "files" << QByteArray("enabled")
                             << "no:" << QByteArray("\"enabled\": false");
    QTest::newRow("events") << "files" << QByteArray("events") << "both"
                            << QByteArray("\"events\": [\"created\", \"removed\"]");
    QTest::newRow("missed") << "daily" << QByteArray("onMissed") << "fire"
                            << QByteArray("\"onMissed\": \"fire-once\"");
}

void TestTriggerDialog::whatIsTheDefaultIsWrittenOnlyWhenItIsChanged()
{
    QFETCH(const QString, trigger);
    QFETCH(const QByteArray, key);
    QFETCH(const QString, choice);
    QFETCH(const QByteArray, written);
    const auto save = [&](const QString& chosen) {
        const auto dialog = m_workspace.open<TriggerDialog>(qPrintable(trigger));
        QVERIFY(dialog);
        choose(*dialog, key, chosen);
        QTRY_VERIFY(ok(*dialog)->isEnabled());
        QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    };
    const QString usual = [&] {
        const auto dialog = m_workspace.open<TriggerDialog>(qPrintable(trigger));
        // Its first word: a space would open the list.
        return dialog
            ? field<QComboBox>(*dialog, key)->currentText().section(QLatin1Char(' '), 0, 0)
            : QString();
    }();
    save(usual);
    QCOMPARE(m_workspace.file(), EditedWorkspace::kFile);
    save(choice);
    QVERIFY2(m_workspace.file().contains(written), m_workspace.file().constData());
    save(usual); // now it stands in the file and says so
    QVERIFY2(!m_workspace.file().contains(written), m_workspace.file().constData());
}

void TestTriggerDialog::aScheduleTellsItsNextTimesAsItIsTyped()
{
    const auto dialog = m_workspace.open<TriggerDialog>("daily");
    QVERIFY(dialog);
    QVERIFY2(next(*dialog).startsWith(QStringLiteral("every day; next, by the clock here:\n"))
                 || next(*dialog).startsWith(QStringLiteral("every 1 day")),
             qPrintable(next(*dialog)));
    QCOMPARE(next(*dialog).count(QLatin1Char('\n')), 5);
    type(*dialog, "expression", QStringLiteral("cron(0 25 * * ? *)"));
    QTRY_COMPARE(problem(*dialog, "expression"),
                 QStringLiteral("cron: hours: 25 is outside 0-23 — hours takes 0-23 and , - * /"));
    QCOMPARE(next(*dialog), QString());
    QVERIFY(!ok(*dialog)->isEnabled());
    // While the name is wrong, too, core would not come as far as the schedule.
    type(*dialog, "", QString());
    QTRY_VERIFY(!problem(*dialog, "").isEmpty());
    QVERIFY(problem(*dialog, "expression").startsWith(QStringLiteral("cron: hours: 25")));
    type(*dialog, "", QStringLiteral("daily"));
    type(*dialog, "expression", QStringLiteral("cron(0 2 * * ? *)"));
    type(*dialog, "timezone", QStringLiteral("Europe/Paris"));
    QTRY_VERIFY2(next(*dialog).startsWith(QStringLiteral(
                     "at 02:00 every day, Europe/Paris; next, by the clock here:\n")),
                 qPrintable(next(*dialog)));
    const QStringList lines = next(*dialog).split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 6);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QDateTime first(now.toTimeZone(QTimeZone("Europe/Paris")).date(), QTime(2, 0),
                    QTimeZone("Europe/Paris"));
    if (first <= now)
        first = first.addDays(1);
    const auto at = TimePoint(std::chrono::milliseconds(first.toMSecsSinceEpoch()));
    QVERIFY2(lines[1].startsWith(dayText(at)), qPrintable(lines[1] + dayText(at)));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(m_workspace.file(),
             EditedWorkspace::with("\"rate(1 day)\", \"function\": \"one\"",
                                   "\"cron(0 2 * * ? *)\", \"function\": \"one\", \"timezone\": "
                                   "\"Europe/Paris\""));
}

void TestTriggerDialog::aTimeZoneThatIsNoneIsToldAtItsField()
{
    const auto dialog = m_workspace.open<TriggerDialog>("daily");
    QVERIFY(dialog);
    type(*dialog, "timezone", QStringLiteral("Europe/Pariss"));
    QTRY_VERIFY2(problem(*dialog, "timezone").contains(QStringLiteral("\"Europe/Pariss\"")),
                 qPrintable(problem(*dialog, "timezone")));
    QCOMPARE(problem(*dialog, "expression"), QString());
    QVERIFY(!ok(*dialog)->isEnabled());
}

void TestTriggerDialog::aManualTriggerTakesAnEvent()
{
    const auto dialog = m_workspace.open<TriggerDialog>("");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("try"));
    choose(*dialog, "kind", QStringLiteral("manual"));
    QTRY_VERIFY(!field<QComboBox>(*dialog, "store")->isVisible());
    type(*dialog, "event", QStringLiteral("{\"n\": 1.50"));
    QTRY_VERIFY(!problem(*dialog, "event").isEmpty());
    QVERIFY(!ok(*dialog)->isEnabled());
    QTest::keyClicks(field<QPlainTextEdit>(*dialog, "event"), QStringLiteral("}"));
    QTRY_VERIFY2(ok(*dialog)->isEnabled(), qPrintable(problem(*dialog, "event")));
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(m_workspace.file(),
             EditedWorkspace::with("\"rate(1 day)\", \"function\": \"one\" }\n",
                                   "\"rate(1 day)\", \"function\": \"one\" },\n    \"try\": {\n"
                                   "      \"kind\": \"manual\",\n      \"event\": {\n        "
                                   "\"n\": 1.50\n      },\n      \"function\": \"one\"\n    }\n"));
}

void TestTriggerDialog::anHttpTriggerTakesARoute()
{
    const auto dialog = m_workspace.open<TriggerDialog>("");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("web"));
    choose(*dialog, "kind", QStringLiteral("http"));
    QTRY_VERIFY(!field<QComboBox>(*dialog, "store")->isVisible());
    QVERIFY(!field<QPlainTextEdit>(*dialog, "event")->isVisible());
    type(*dialog, "route", QStringLiteral("/orders"));
    QTRY_COMPARE(problem(*dialog, "route"),
                 QStringLiteral("\"/orders\" is not a route — write \"GET /orders/{id}\", \"ANY "
                                "/{proxy+}\", or \"$default\" for all that is left"));
    type(*dialog, "route", QStringLiteral("GET /orders"));
    type(*dialog, "port", QStringLiteral("8080"));
    choose(*dialog, "payload", QStringLiteral("1.0"));
    QTRY_VERIFY2(ok(*dialog)->isEnabled(), qPrintable(problem(*dialog, "route")));
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(m_workspace.file(),
             EditedWorkspace::with("\"rate(1 day)\", \"function\": \"one\" }\n",
                                   "\"rate(1 day)\", \"function\": \"one\" },\n    \"web\": {\n"
                                   "      \"kind\": \"http\",\n      \"route\": \"GET /orders\",\n"
                                   "      \"port\": 8080,\n      \"payload\": \"1.0\",\n      "
                                   "\"function\": \"one\"\n    }\n"));
}

void TestTriggerDialog::cancelledChangesNothing()
{
    const auto dialog = m_workspace.open<TriggerDialog>("files");
    QVERIFY(dialog);
    type(*dialog, "suffix", QStringLiteral(".txt"));
    QTest::keyClick(field(*dialog, "suffix"), Qt::Key_Escape);
    QCOMPARE(dialog->result(), static_cast<int>(QDialog::Rejected));
    QVERIFY(!dialog->isVisible());
    QCOMPARE(m_workspace.file(), EditedWorkspace::kFile);
}

void TestTriggerDialog::aStoreIsAdded()
{
    const auto dialog = m_workspace.open<StoreDialog>("");
    QVERIFY(dialog);
    QCOMPARE(rest(*dialog), QStringLiteral("Still needed: Name, Folder."));
    type(*dialog, "", QStringLiteral("failed"));
    type(*dialog, "path", QStringLiteral("data/failed"));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::keyClick(field(*dialog, "path"), Qt::Key_Return);
    QCOMPARE(dialog->newName(), std::string("failed"));
    QCOMPARE(m_workspace.file(),
             EditedWorkspace::with("\"data/out\" }\n",
                                   "\"data/out\" },\n    \"failed\": {\n      \"kind\": "
                                   "\"folder\",\n      \"path\": \"data/failed\"\n    }\n"));
}

void TestTriggerDialog::aStoreCannotBeTheWorkspace()
{
    const auto dialog = m_workspace.open<StoreDialog>("in");
    QVERIFY(dialog);
    type(*dialog, "path", QStringLiteral("."));
    QTRY_COMPARE(problem(*dialog, "path"),
                 QStringLiteral("a store cannot be the workspace folder itself — give it a folder "
                                "of its own, such as \"data/uploads\""));
    QVERIFY(!ok(*dialog)->isEnabled());
    type(*dialog, "", QStringLiteral("out"));
    QTRY_COMPARE(problem(*dialog, ""),
                 QStringLiteral("there is already a store \"out\" — choose another name"));
}

void TestTriggerDialog::aRenamedStoreIsRenamedWhereItIsNamed()
{
    const auto dialog = m_workspace.open<StoreDialog>("in");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("uploads"));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(m_workspace.file(), EditedWorkspace::with("\"in\"", "\"uploads\""));
    QCOMPARE(m_workspace.file().count("\"uploads\""), 2);
}

void TestTriggerDialog::aCancelledStoreChangesNothing()
{
    const auto dialog = m_workspace.open<StoreDialog>("in");
    QVERIFY(dialog);
    type(*dialog, "path", QStringLiteral("elsewhere"));
    QTest::mouseClick(cancel(*dialog), Qt::LeftButton);
    QCOMPARE(m_workspace.file(), EditedWorkspace::kFile);
}

QTEST_MAIN(TestTriggerDialog)
#include "tst_trigger_dialog.moc"

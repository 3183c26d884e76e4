#include <QHeaderView>
#include <QTableWidget>

#include "edited_workspace.h"
#include "ui/dialogs/function_dialog.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace coldframe::ui::edit_test;

/// A function's dialog with keys and clicks; what it leaves in the file.
class TestFunctionDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_workspace.write(QStringLiteral("coldframe.json"), EditedWorkspace::kFile); }
    void aFieldChangesItsPlaceOnly_data();
    void aFieldChangesItsPlaceOnly();
    void whatCoreSaysStandsAtItsField_data();
    void whatCoreSaysStandsAtItsField();
    void cancelledChangesNothing();
    void aNewOneSaysWhatIsNeededAndIsAdded();
    void aRenameGoesThroughTheFile();
    void variablesAreTypedIntoTheTable();
    void aVariableTwiceIsRefused();
    void aRemovedVariableGoes();
    void anotherRuntimeTakesItsKeysAlong();
    void aFileChangedMeanwhileIsNotOverwritten();
    void aMistakeElsewhereIsSaidWithItsPlace();

private:
    EditedWorkspace m_workspace;
};

void TestFunctionDialog::aFieldChangesItsPlaceOnly_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    const auto row = [](const char* name, const char* key, const char* typed, const char* from,
                        const char* to) {
        QTest::newRow(name) << QByteArray(key) << QString::fromLatin1(typed) << QByteArray(from)
                            << QByteArray(to);
    };
    row("memory", "memoryMb", "512", "256", "512");
    row("memory as before", "memoryMb", "256", "256", "256");
    row("memory left to the default", "memoryMb", "", "      \"memoryMb\": 256,\n", "");
    row("a timeout it had not", "timeoutMs", "9000", "{ \"store\": \"out\" }",
        "{ \"store\": \"out\" },\n      \"timeoutMs\": 9000");
    row("reserved concurrency", "reservedConcurrency", "0", "{ \"store\": \"out\" }",
        "{ \"store\": \"out\" },\n      \"reservedConcurrency\": 0");
    row("retries", "async/retries", "1", "\"retries\": 0", "\"retries\": 1");
    row("the oldest event", "async/maxEventAgeS", "60", "{ \"retries\": 0 }",
        "{ \"retries\": 0, \"maxEventAgeS\": 60 }");
    row("temporary storage", "ephemeralStorageMb", "1024", "{ \"store\": \"out\" }",
        "{ \"store\": \"out\" },\n      \"ephemeralStorageMb\": 1024");
}

void TestFunctionDialog::aFieldChangesItsPlaceOnly()
{
    QFETCH(QByteArray, key);
    QFETCH(QString, typed);
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    const auto dialog = m_workspace.open<FunctionDialog>("one");
    QVERIFY(dialog);
    type(*dialog, key, typed);
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::keyClick(field(*dialog, key), Qt::Key_Return);
    QCOMPARE(dialog->result(), static_cast<int>(QDialog::Accepted));
    QCOMPARE(m_workspace.file(), EditedWorkspace::with(from, to));
}

void TestFunctionDialog::whatCoreSaysStandsAtItsField_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("problem");
    QTest::newRow("too many retries") << QByteArray("async/retries") << "3"
                                      << "retries must be a whole number between 0 and 2, got 3";
    QTest::newRow("too little memory")
        << QByteArray("memoryMb") << "64"
        << "memoryMb must be a whole number between 128 and 10240, got 64";
    QTest::newRow("a word for a number")
        << QByteArray("timeoutMs") << "long"
        << "timeoutMs must be a whole number between 1 and 900000, got \"long\"";
    QTest::newRow("a name with a blank") << QByteArray("") << "my function"
                                         << "\"my function\" is not a name for a function — use 1 "
                                            "to 64 letters, digits, _ and -";
    QTest::newRow("a name that is taken") << QByteArray("") << "pipe"
                                          << "there is already a function \"pipe\" — choose "
                                             "another name";
    QTest::newRow("a folder that is not there")
        << QByteArray("code") << "gone"
        << "the code folder gone is not there — make it, or correct the path; it is relative to "
           "the workspace folder";
    QTest::newRow("no handler") << QByteArray("handler") << ""
                                << "handler must not be empty";
    QTest::newRow("more than the account leaves")
        << QByteArray("reservedConcurrency") << "950"
        << "Specified ReservedConcurrentExecutions for function decreases account's "
           "UnreservedConcurrentExecution below its minimum value of [100] — the account has "
           "1000; lower the reservations, or raise accountConcurrency";
}

void TestFunctionDialog::whatCoreSaysStandsAtItsField()
{
    QFETCH(QByteArray, key);
    QFETCH(QString, typed);
    QFETCH(QString, problem);
    const auto dialog = m_workspace.open<FunctionDialog>("one");
    QVERIFY(dialog);
    const QString before = field(*dialog, key)->text();
    QVERIFY(ok(*dialog)->isEnabled());
    type(*dialog, key, typed);
    QTRY_COMPARE(edit_test::problem(*dialog, key), problem);
    QCOMPARE(field(*dialog, key)->property("problem").toBool(), true);
    QCOMPARE(rest(*dialog), QString());
    for (const char* other : {"memoryMb", "timeoutMs", "", "code", "handler"})
        if (key != other)
            QCOMPARE(edit_test::problem(*dialog, other), QString());
    QVERIFY(!ok(*dialog)->isEnabled());
    QTest::keyClick(field(*dialog, key), Qt::Key_Return);
    QVERIFY(dialog->isVisible());
    QCOMPARE(m_workspace.file(), EditedWorkspace::kFile);
    type(*dialog, key, before);
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QCOMPARE(edit_test::problem(*dialog, key), QString());
}

void TestFunctionDialog::cancelledChangesNothing()
{
    const auto dialog = m_workspace.open<FunctionDialog>("one");
    QVERIFY(dialog);
    type(*dialog, "memoryMb", QStringLiteral("512"));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::mouseClick(cancel(*dialog), Qt::LeftButton);
    QCOMPARE(dialog->result(), static_cast<int>(QDialog::Rejected));
    QCOMPARE(m_workspace.file(), EditedWorkspace::kFile);
}

void TestFunctionDialog::aNewOneSaysWhatIsNeededAndIsAdded()
{
    const auto dialog = m_workspace.open<FunctionDialog>("");
    QVERIFY(dialog);
    QVERIFY(!ok(*dialog)->isEnabled());
    QCOMPARE(rest(*dialog), QStringLiteral("Still needed: Name, Code folder, Handler."));
    QCOMPARE(problem(*dialog, "code"), QString()); // nobody was there yet
    type(*dialog, "", QStringLiteral("two"));
    type(*dialog, "code", QStringLiteral("code"));
    type(*dialog, "handler", QStringLiteral("app.run"));
    QTRY_VERIFY2(ok(*dialog)->isEnabled(), qPrintable(rest(*dialog)));
    field<QComboBox>(*dialog, "onFailure")->setFocus();
    QTest::keyClick(field<QComboBox>(*dialog, "onFailure"), Qt::Key_End); // function “pipe”
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(dialog->result(), static_cast<int>(QDialog::Accepted));
    QCOMPARE(m_workspace.file(),
             EditedWorkspace::with("\"cat; true\"] }\n",
                                   "\"cat; true\"] },\n    \"two\": {\n      \"runtime\": "
                                   "\"python\",\n      \"code\": \"code\",\n      \"handler\": "
                                   "\"app.run\",\n      \"onFailure\": {\n        \"function\": "
                                   "\"pipe\"\n      }\n    }\n"));
}

void TestFunctionDialog::aRenameGoesThroughTheFile()
{
    const auto dialog = m_workspace.open<FunctionDialog>("one");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("first"));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(m_workspace.file(),
             EditedWorkspace::with("\"one\"", "\"first\"")); // two triggers name it
    QCOMPARE(m_workspace.file().count("\"first\""), 3);
}

void TestFunctionDialog::variablesAreTypedIntoTheTable()
{
    const auto dialog = m_workspace.open<FunctionDialog>("one");
    QVERIFY(dialog);
    auto* table = field<QTableWidget>(*dialog, "environment");
    QCOMPARE(table->rowCount(), 2);
    for (QPushButton* button : dialog->findChildren<QPushButton*>())
        if (button->text() == QStringLiteral("Add variable"))
            QTest::mouseClick(button, Qt::LeftButton);
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("_BAD"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QTRY_COMPARE(problem(*dialog, "environment"),
                 QStringLiteral("\"_BAD\" is not a name for a variable — begin with a letter, then "
                                "use one or more letters, digits and _"));
    QVERIFY(dialog->isVisible()); // Enter ended the cell, not the dialog
    QVERIFY(!ok(*dialog)->isEnabled());
    const auto typeInto = [table](int row, int column, const char* typed) {
        table->scrollToItem(table->item(row, column));
        const QPoint at = table->visualItemRect(table->item(row, column)).center();
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, at);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(QApplication::focusWidget(), QString::fromLatin1(typed));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    };
    typeInto(2, 0, "NAME");
    QTRY_COMPARE(table->item(2, 0)->text(), QStringLiteral("NAME"));
    typeInto(2, 1, "a \"b\"");
    QTRY_COMPARE(table->item(2, 1)->text(), QStringLiteral("a \"b\""));
    typeInto(0, 1, "slow");
    QTRY_COMPARE(table->item(0, 1)->text(), QStringLiteral("slow"));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(m_workspace.file(),
             EditedWorkspace::with(R"({ "MODE": "fast", "LEVEL": "1" })",
                                   R"({ "MODE": "slow", "LEVEL": "1", "NAME": "a \"b\"" })"));
}

void TestFunctionDialog::aVariableTwiceIsRefused()
{
    const auto dialog = m_workspace.open<FunctionDialog>("one");
    QVERIFY(dialog);
    auto* table = field<QTableWidget>(*dialog, "environment");
    table->setCurrentCell(1, 0);
    table->editItem(table->item(1, 0));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("MODE"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QTRY_COMPARE(problem(*dialog, "environment"),
                 QStringLiteral("The variable MODE is there twice — remove one."));
    QVERIFY(!ok(*dialog)->isEnabled());
}

void TestFunctionDialog::aRemovedVariableGoes()
{
    const auto dialog = m_workspace.open<FunctionDialog>("one");
    QVERIFY(dialog);
    field<QTableWidget>(*dialog, "environment")->setCurrentCell(0, 0);
    for (QPushButton* button : dialog->findChildren<QPushButton*>())
        if (button->text() == QStringLiteral("Remove"))
            QTest::mouseClick(button, Qt::LeftButton);
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(m_workspace.file(), EditedWorkspace::with("\"MODE\": \"fast\", ", ""));
}

void TestFunctionDialog::anotherRuntimeTakesItsKeysAlong()
{
    const auto dialog = m_workspace.open<FunctionDialog>("pipe");
    QVERIFY(dialog);
    QVERIFY(!field(*dialog, "handler")->isVisible());
    auto* command = field<QPlainTextEdit>(*dialog, "command");
    QCOMPARE(command->toPlainText(), QStringLiteral("sh\n-c\ncat; true"));
    type(*dialog, "command", QString());
    QTRY_COMPARE(problem(*dialog, "command"),
                 QStringLiteral("command must be a list of texts such as [\"jq\", \".\"], got an "
                                "empty list"));
    type(*dialog, "command", QStringLiteral("jq\n."));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    choose(*dialog, "runtime", QStringLiteral("python"));
    QTRY_VERIFY(field(*dialog, "handler")->isVisible());
    QVERIFY(!command->isVisible());
    type(*dialog, "handler", QStringLiteral("app.run"));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QCOMPARE(
        m_workspace.file(),
        EditedWorkspace::with(
            R"({ "runtime": "command", "code": "code", "command": ["sh", "-c", "cat; true"] })",
            R"({ "runtime": "python", "code": "code", "handler": "app.run" })"));
}

void TestFunctionDialog::aFileChangedMeanwhileIsNotOverwritten()
{
    const auto dialog = m_workspace.open<FunctionDialog>("one");
    QVERIFY(dialog);
    type(*dialog, "memoryMb", QStringLiteral("512"));
    QTRY_VERIFY(ok(*dialog)->isEnabled());
    const QByteArray others = EditedWorkspace::with("rate(1 day)", "rate(2 days)");
    m_workspace.write(QStringLiteral("coldframe.json"), others);
    QTest::mouseClick(ok(*dialog), Qt::LeftButton);
    QVERIFY(dialog->isVisible());
    QVERIFY2(rest(*dialog).endsWith(
                 QStringLiteral("coldframe.json: the file was changed meanwhile by another "
                                "program; look at it first, then make the change again")),
             qPrintable(rest(*dialog)));
    QCOMPARE(m_workspace.file(), others);
}

void TestFunctionDialog::aMistakeElsewhereIsSaidWithItsPlace()
{
    m_workspace.write(QStringLiteral("coldframe.json"),
                      EditedWorkspace::with("\"store\": \"in\"", "\"store\": \"inn\""));
    const auto dialog = m_workspace.open<FunctionDialog>("one");
    QVERIFY(dialog);
    QVERIFY2(rest(*dialog).contains(QStringLiteral(
                 "coldframe.json:18:41: /triggers/files/store: there is no store \"inn\"")),
             qPrintable(rest(*dialog)));
    QVERIFY(!ok(*dialog)->isEnabled());
}

QTEST_MAIN(TestFunctionDialog)
#include "tst_function_dialog.moc"

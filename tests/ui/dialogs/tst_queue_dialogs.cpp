#include "edited_workspace.h"
#include "ui/dialogs/store_dialog.h"
#include "ui/dialogs/trigger_dialog.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace coldframe::ui::edit_test;

/// Queues, what reads them, streams, and the keys of triggers that most leave out; what the dialogs
/// leave in the file.
class TestQueueDialogs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() { m_workspace.write(QStringLiteral("coldframe.json"), withQueues()); }
    void aQueueIsAdded();
    void aDatabaseIsAdded();
    void theLimitsOfAQueueAreChanged();
    void maxReceivesNeedADeadLetterQueue();
    void deduplicationBelongsToFifoQueues();
    void aQueueIsRead();
    void whatAQueueCannotIsSaidAtItsField();
    void aStreamIsFollowed();
    void aTableOfAServerIsFollowed();
    void aFileTriggerTakesItsRareKeys();
    void aFilterThatIsNoPatternIsTold();
    void aScheduleHasBounds();

private:
    static QByteArray withQueues()
    {
        return EditedWorkspace::with(
            "\"data/out\" }\n",
            "\"data/out\" },\n    \"parts\": { \"kind\": \"queue\", \"visibilityTimeoutS\": 30 },\n"
            "    \"dead\": { \"kind\": \"queue\" }\n");
    }
    QByteArray file() const { return m_workspace.file(); }
    bool has(const QByteArray& part) const
    {
        const bool found = file().contains(part);
        if (!found)
            qInfo("%s", file().constData());
        return found;
    }
    template <typename Dialog> static bool save(const Dialog& dialog)
    {
        if (!QTest::qWaitFor([&] { return ok(dialog)->isEnabled(); }))
            return false;
        QTest::mouseClick(ok(dialog), Qt::LeftButton);
        return dialog.result() == QDialog::Accepted;
    }
    EditedWorkspace m_workspace;
};

void TestQueueDialogs::aQueueIsAdded()
{
    const auto dialog = m_workspace.open<StoreDialog>("");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("jobs"));
    QVERIFY(!field(*dialog, "visibilityTimeoutS")->isVisible());
    choose(*dialog, "kind", QStringLiteral("queue"));
    QTRY_VERIFY(field(*dialog, "visibilityTimeoutS")->isVisible());
    QVERIFY(!field(*dialog, "path")->isVisible());
    type(*dialog, "delayS", QStringLiteral("5"));
    type(*dialog, "maxReceives", QStringLiteral("3"));
    choose(*dialog, "deadLetters", QStringLiteral("dead"));
    QVERIFY(save(*dialog));
    QVERIFY(has("\"jobs\": {\n      \"kind\": \"queue\",\n      \"delayS\": 5,\n      "
                "\"maxReceives\": 3,\n      \"deadLetters\": \"dead\"\n    }"));
}

void TestQueueDialogs::aDatabaseIsAdded()
{
    const auto dialog = m_workspace.open<StoreDialog>("");
    QVERIFY(dialog);
    choose(*dialog, "kind", QStringLiteral("sqlite"));
    QTRY_COMPARE(rest(*dialog), QStringLiteral("Still needed: Name, File."));
    type(*dialog, "", QStringLiteral("orders"));
    type(*dialog, "path", QStringLiteral("data/orders.db"));
    QVERIFY(save(*dialog));
    QVERIFY(has("\"orders\": {\n      \"kind\": \"sqlite\",\n      \"path\": "
                "\"data/orders.db\"\n    }"));
}

void TestQueueDialogs::theLimitsOfAQueueAreChanged()
{
    const auto dialog = m_workspace.open<StoreDialog>("parts");
    QVERIFY(dialog);
    QVERIFY(!field<QComboBox>(*dialog, "kind")->isEnabled());
    type(*dialog, "visibilityTimeoutS", QStringLiteral("43201"));
    QTRY_VERIFY2(problem(*dialog, "visibilityTimeoutS").contains(QStringLiteral("43200")),
                 qPrintable(problem(*dialog, "visibilityTimeoutS")));
    QVERIFY(!ok(*dialog)->isEnabled());
    type(*dialog, "visibilityTimeoutS", QStringLiteral("60"));
    QVERIFY(save(*dialog));
    QCOMPARE(file(),
             withQueues().replace("\"visibilityTimeoutS\": 30", "\"visibilityTimeoutS\": 60"));
}

void TestQueueDialogs::maxReceivesNeedADeadLetterQueue()
{
    const auto dialog = m_workspace.open<StoreDialog>("parts");
    QVERIFY(dialog);
    type(*dialog, "maxReceives", QStringLiteral("3"));
    QTRY_VERIFY2(!ok(*dialog)->isEnabled(), qPrintable(rest(*dialog)));
    choose(*dialog, "deadLetters", QStringLiteral("dead"));
    QVERIFY(save(*dialog));
    QVERIFY(has("\"maxReceives\": 3, \"deadLetters\": \"dead\""));
}

void TestQueueDialogs::deduplicationBelongsToFifoQueues()
{
    const auto dialog = m_workspace.open<StoreDialog>("");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("ordered"));
    choose(*dialog, "kind", QStringLiteral("queue"));
    QTRY_VERIFY(field<QComboBox>(*dialog, "fifo")->isVisible());
    QVERIFY(!field<QComboBox>(*dialog, "contentBasedDeduplication")->isVisible());
    choose(*dialog, "fifo", QStringLiteral("FIFO"));
    QTRY_VERIFY(field<QComboBox>(*dialog, "contentBasedDeduplication")->isVisible());
    choose(*dialog, "contentBasedDeduplication", QStringLiteral("by the body"));
    QVERIFY(save(*dialog));
    QVERIFY(has("\"fifo\": true,\n      \"contentBasedDeduplication\": true"));
}

void TestQueueDialogs::aQueueIsRead()
{
    const auto dialog = m_workspace.open<TriggerDialog>("");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("work"));
    QCOMPARE(field<QComboBox>(*dialog, "store")->findText(QStringLiteral("parts")), -1);
    choose(*dialog, "kind", QStringLiteral("queue"));
    QTRY_VERIFY(field(*dialog, "batchSize")->isVisible());
    QCOMPARE(field<QComboBox>(*dialog, "store")->findText(QStringLiteral("in")), -1);
    QVERIFY(field<QPlainTextEdit>(*dialog, "filter")->isVisible());
    QVERIFY(!field(*dialog, "parallelizationFactor")->isVisible());
    choose(*dialog, "store", QStringLiteral("parts"));
    type(*dialog, "batchSize", QStringLiteral("5"));
    type(*dialog, "maximumConcurrency", QStringLiteral("4"));
    choose(*dialog, "reportBatchItemFailures", QStringLiteral("the"));
    QVERIFY(save(*dialog));
    QVERIFY(has("\"work\": {\n      \"kind\": \"queue\",\n      \"store\": \"parts\",\n      "
                "\"batchSize\": 5,\n      \"maximumConcurrency\": 4,\n      "
                "\"reportBatchItemFailures\": true,\n      \"function\": \"one\"\n    }"));
    const auto again = m_workspace.open<TriggerDialog>("work");
    QVERIFY(again);
    QCOMPARE(field<QComboBox>(*again, "store")->currentText(), QStringLiteral("parts"));
    type(*again, "batchSize", QStringLiteral("7"));
    QVERIFY(save(*again));
    QVERIFY(has("\"batchSize\": 7,"));
}

void TestQueueDialogs::whatAQueueCannotIsSaidAtItsField()
{
    const auto dialog = m_workspace.open<TriggerDialog>("");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("work"));
    choose(*dialog, "kind", QStringLiteral("queue"));
    choose(*dialog, "store", QStringLiteral("parts"));
    type(*dialog, "batchSize", QStringLiteral("50"));
    QTRY_VERIFY2(problem(*dialog, "batchSize").contains(QStringLiteral("batchWindowS")),
                 qPrintable(problem(*dialog, "batchSize")));
    type(*dialog, "batchWindowS", QStringLiteral("1"));
    QVERIFY(save(*dialog));
}

void TestQueueDialogs::aStreamIsFollowed()
{
    const auto dialog = m_workspace.open<TriggerDialog>("");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("clicks"));
    choose(*dialog, "kind", QStringLiteral("stream"));
    QTRY_VERIFY(field(*dialog, "path")->isVisible());
    type(*dialog, "path", QStringLiteral("data/clicks.jsonl"));
    choose(*dialog, "startingPosition", QStringLiteral("what"));
    choose(*dialog, "shape", QStringLiteral("lines"));
    type(*dialog, "maximumRetryAttempts", QStringLiteral("3"));
    type(*dialog, "parallelizationFactor", QStringLiteral("4"));
    type(*dialog, "tumblingWindowS", QStringLiteral("30"));
    QTRY_VERIFY2(problem(*dialog, "parallelizationFactor").contains(QStringLiteral("must be 1")),
                 qPrintable(problem(*dialog, "parallelizationFactor")));
    type(*dialog, "tumblingWindowS", QString());
    QVERIFY(save(*dialog));
    QVERIFY(has(
        "\"kind\": \"stream\",\n      \"path\": \"data/clicks.jsonl\",\n      "
        "\"startingPosition\": \"LATEST\",\n      \"maximumRetryAttempts\": 3,\n      "
        "\"parallelizationFactor\": 4,\n      \"shape\": \"lines\",\n      \"function\": \"one\""));
}

void TestQueueDialogs::aTableOfAServerIsFollowed()
{
    const auto store = m_workspace.open<StoreDialog>("");
    QVERIFY(store);
    type(*store, "", QStringLiteral("shop"));
    choose(*store, "kind", QStringLiteral("postgres"));
    QTRY_VERIFY(field(*store, "connection")->isVisible());
    QVERIFY(!field(*store, "path")->isVisible());
    type(*store, "connection", QStringLiteral("host=localhost dbname=shop"));
    QVERIFY(save(*store));
    QVERIFY(has("\"kind\": \"postgres\",\n      \"connection\": \"host=localhost dbname=shop\""));
    const auto dialog = m_workspace.open<TriggerDialog>("");
    QVERIFY(dialog);
    type(*dialog, "", QStringLiteral("orders"));
    choose(*dialog, "kind", QStringLiteral("changes"));
    QTRY_VERIFY(field(*dialog, "table")->isVisible());
    QCOMPARE(field<QComboBox>(*dialog, "store")->currentText(), QStringLiteral("shop"));
    type(*dialog, "table", QStringLiteral("orders"));
    choose(*dialog, "events", QStringLiteral("removed"));
    choose(*dialog, "shape", QStringLiteral("row"));
    QVERIFY(save(*dialog));
    QVERIFY(has("\"kind\": \"changes\""));
    QVERIFY(has("\"table\": \"orders\""));
    QVERIFY(has("\"shape\": \"row\""));
    QVERIFY(has("\"events\": [\"remove\"]") || has("\"remove\"\n"));
}

void TestQueueDialogs::aFileTriggerTakesItsRareKeys()
{
    const auto dialog = m_workspace.open<TriggerDialog>("files");
    QVERIFY(dialog);
    type(*dialog, "glob", QStringLiteral("a/**b"));
    QTRY_VERIFY2(problem(*dialog, "glob").contains(QStringLiteral("is not a pattern")),
                 qPrintable(problem(*dialog, "glob")));
    type(*dialog, "glob", QStringLiteral("**/*.csv"));
    choose(*dialog, "recursive", QStringLiteral("left"));
    choose(*dialog, "events", QStringLiteral("changed files only"));
    choose(*dialog, "catchUp", QStringLiteral("what came meanwhile is left"));
    type(*dialog, "filter", QStringLiteral("{\"detail\": {\"n\": [1]}}"));
    QVERIFY(save(*dialog));
    QVERIFY(has("\"glob\": \"**/*.csv\", \"recursive\": false, \"events\": [\"modified\"], "
                "\"catchUp\": false, \"filter\": "));
    const auto again = m_workspace.open<TriggerDialog>("files");
    QVERIFY(again);
    QCOMPARE(field<QPlainTextEdit>(*again, "filter")->toPlainText().simplified(),
             QStringLiteral("{ \"detail\": { \"n\": [1] } }"));
    QVERIFY(ok(*again)->isEnabled());
}

void TestQueueDialogs::aFilterThatIsNoPatternIsTold()
{
    const auto dialog = m_workspace.open<TriggerDialog>("files");
    QVERIFY(dialog);
    type(*dialog, "filter", QStringLiteral("{\"n\": 1}"));
    QTRY_VERIFY(!problem(*dialog, "filter").isEmpty());
    QVERIFY(!ok(*dialog)->isEnabled());
    type(*dialog, "filter", QStringLiteral("{\"n\": [1]"));
    QTRY_VERIFY(!problem(*dialog, "filter").isEmpty());
    QVERIFY(!ok(*dialog)->isEnabled());
    type(*dialog, "filter", QString());
    QTRY_VERIFY(ok(*dialog)->isEnabled());
}

void TestQueueDialogs::aScheduleHasBounds()
{
    const auto dialog = m_workspace.open<TriggerDialog>("daily");
    QVERIFY(dialog);
    const auto* next = dialog->findChild<QLabel*>(QStringLiteral("next"));
    type(*dialog, "endsAt", QStringLiteral("2020-01-01T00:00:00"));
    QTRY_VERIFY2(next->text().contains(QStringLiteral("never fires again")),
                 qPrintable(next->text()));
    type(*dialog, "endsAt", QStringLiteral("soon"));
    QTRY_VERIFY(!problem(*dialog, "endsAt").isEmpty());
    type(*dialog, "endsAt", QString());
    type(*dialog, "startsAt", QStringLiteral("2090-01-01T00:00:00Z"));
    type(*dialog, "flexibleWindowMinutes", QStringLiteral("15"));
    QTRY_VERIFY2(next->text().contains(QStringLiteral("15 min")), qPrintable(next->text()));
    QVERIFY(next->text().contains(QStringLiteral(" Jan ")));
    QVERIFY(save(*dialog));
    QVERIFY(has("\"startsAt\": \"2090-01-01T00:00:00Z\", \"flexibleWindowMinutes\": 15"));
}

QTEST_MAIN(TestQueueDialogs)
#include "tst_queue_dialogs.moc"

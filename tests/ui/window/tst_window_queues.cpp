#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>
#include <QTreeView>

#include "process/host.h"
#include "ui/dialogs/store_dialog.h"
#include "ui/dialogs/trigger_dialog.h"
#include "ui/editor/event_pane.h"
#include "ui/queues/message_pane.h"
#include "ui/queues/queue_page.h"
#include "ui/result/result_pane.h"
#include "window_driver.h"

using namespace coldframe;
using namespace coldframe::ui;
using window_test::kPatienceMs;
using window_test::WindowDriver;

/// Queues in the window over a real session: seen from the explorer, their limits changed while
/// they are read.
class TestWindowQueues : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_driver.reset(); }
    void aQueueIsReadWhileItsLimitsChange();
    void whatFailsEndsInTheDeadLetterQueue();
    void whatAFunctionSendsIsAmongItsOutputs();

private:
    WindowDriver& driver() { return *m_driver; }
    QueuePage& page() { return *driver().window().findChild<QueuePage*>(); }
    QString label(const char* name)
    {
        return page().findChild<QLabel*>(QLatin1String(name))->text();
    }
    void send(const char* body)
    {
        bool sent = false;
        driver().port()->queues()->send(
            {.queue = "jobs", .body = body, .sender = "send"}, &page(),
            [&sent](const session::MessageReceipt& receipt) { sent = !receipt.refused; });
        QTRY_VERIFY_WITH_TIMEOUT(sent, kPatienceMs);
    }
    /// Changes a number in the dialog of what is in front.
    template <typename Dialog> void change(const char* key, const QString& number)
    {
        driver().inDialog<Dialog>([key, number](Dialog& dialog) {
            auto* field = dialog.template findChild<QLineEdit*>(QStringLiteral("field.")
                                                                + QLatin1String(key));
            field->setFocus();
            field->selectAll();
            QTest::keyClicks(field, number);
            QTest::keyClick(field, Qt::Key_Return);
        });
        driver().window().activateWindow(); // a dialog before had the keys
        QVERIFY(QTest::qWaitForWindowActive(&driver().window()));
        driver().key(Qt::Key_Return, Qt::AltModifier);
    }
    const QueueStore& jobs()
    {
        return std::get<QueueStore>(driver().snapshot()->workspace->findStore("jobs")->kind);
    }

    QTemporaryDir m_configuration;
    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<WindowDriver> m_driver;
};

void TestWindowQueues::initTestCase()
{
    // Of the user's own settings and trusted folders nothing is read and nothing written.
    qputenv("XDG_CONFIG_HOME", m_configuration.path().toUtf8());
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_window_queues"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    m_themes = std::make_unique<ThemeManager>();
}

void TestWindowQueues::init()
{
    QSettings().clear();
    m_driver = std::make_unique<WindowDriver>(*m_themes);
    driver().write(QStringLiteral("functions/uppercase/jobs.py"),
                   "import json\n"
                   "def run(event, context):\n"
                   "    for record in event['Records']:\n"
                   "        json.loads(record['body'])\n"
                   "def tell(event, context):\n"
                   "    import os, urllib.request\n"
                   "    key = os.environ['AWS_ACCESS_KEY_ID']\n"
                   "    urllib.request.urlopen(urllib.request.Request(\n"
                   "        os.environ['AWS_ENDPOINT_URL_SQS'],\n"
                   "        json.dumps({'QueueUrl': '/000000000000/told',\n"
                   "                    'MessageBody': json.dumps(event)}).encode(),\n"
                   "        {'Content-Type': 'application/x-amz-json-1.0',\n"
                   "         'X-Amz-Target': 'AmazonSQS.SendMessage',\n"
                   "         'Authorization': f'AWS4-HMAC-SHA256 Credential={key}/x'}))\n");
    driver().write(QStringLiteral("coldframe.json"), R"j({
  "format": 1, "timeScale": 100,
  "functions": { "work": { "runtime": "python", "code": "functions/uppercase", "handler": "jobs.run" },
    "tell": { "runtime": "python", "code": "functions/uppercase", "handler": "jobs.tell" } },
  "stores": {
    "jobs": { "kind": "queue", "visibilityTimeoutS": 30, "maxReceives": 2, "deadLetters": "dead" },
    "dead": { "kind": "queue" },
    "told": { "kind": "queue" }
  },
  "triggers": { "read": { "kind": "queue", "store": "jobs", "function": "work" } }
})j");
    QVERIFY(driver().open());
}

void TestWindowQueues::aQueueIsReadWhileItsLimitsChange()
{
    QVERIFY(driver().clickInExplorer(QStringLiteral("jobs")));
    QTRY_VERIFY_WITH_TIMEOUT(label("queueRules").contains(QStringLiteral("hidden for 30 s")),
                             kPatienceMs);
    change<StoreDialog>("visibilityTimeoutS", QStringLiteral("45"));
    QTRY_COMPARE_WITH_TIMEOUT(jobs().visibilityTimeoutS, 45, kPatienceMs);
    bool asked = false; // the page's own button leads to the same dialog
    driver().inDialog<StoreDialog>([&asked](StoreDialog& dialog) {
        asked = true;
        dialog.reject();
    });
    QVERIFY(driver().clickButton(QStringLiteral("Limits…")));
    QTRY_VERIFY_WITH_TIMEOUT(asked, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(label("queueRules").contains(QStringLiteral("hidden for 45 s")),
                             kPatienceMs);
    send("1");
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("jobs")), QStringLiteral("1 message"),
                              kPatienceMs);
    driver().clickTool("run.triggers");
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("jobs")), QStringLiteral("0 messages"),
                              kPatienceMs);
    QVERIFY(driver().clickInExplorer(QStringLiteral("read")));
    change<TriggerDialog>("batchSize", QStringLiteral("3"));
    QTRY_VERIFY_WITH_TIMEOUT(
        std::get<QueueTrigger>(driver().snapshot()->workspace->triggers.front().kind).batchSize
            == 3,
        kPatienceMs);
    QVERIFY(driver().clickInExplorer(QStringLiteral("jobs")));
    send("2");
    QTRY_VERIFY_WITH_TIMEOUT(driver().snapshot()->totals.succeeded == 2, kPatienceMs);
}

/// And the explorer says so.
void TestWindowQueues::whatFailsEndsInTheDeadLetterQueue()
{
    QVERIFY(driver().clickInExplorer(QStringLiteral("jobs")));
    change<StoreDialog>("maxReceives", QStringLiteral("1"));
    QTRY_COMPARE_WITH_TIMEOUT(jobs().maxReceives, 1, kPatienceMs);
    driver().clickTool("run.triggers");
    send("no JSON");
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("dead")), QStringLiteral("1 message"),
                              kPatienceMs);
    QCOMPARE(driver().badge(QStringLiteral("dead"), ExplorerModel::BadgeToneRole).toInt(),
             static_cast<int>(Tone::Warning));
    QCOMPARE(driver().snapshot()->totals.failed, 1u);
    QVERIFY(driver().clickInExplorer(QStringLiteral("dead")));
    QTRY_COMPARE_WITH_TIMEOUT(page().model().rowCount(), 1, kPatienceMs);
    QVERIFY(driver().clickButton(QStringLiteral("Send all back")));
    QTRY_COMPARE_WITH_TIMEOUT(driver().snapshot()->totals.failed, 2u, kPatienceMs);
}

/// And from there the way leads to the message, as long as it is there.
void TestWindowQueues::whatAFunctionSendsIsAmongItsOutputs()
{
    QVERIFY(driver().clickInExplorer(QStringLiteral("tell")));
    driver().window().findChild<EventPane*>()->setEventText(QStringLiteral("{\"order\": 17}"));
    driver().key(Qt::Key_Return, Qt::ControlModifier);
    auto* tabs = driver().window().findChild<ResultPane*>()->findChild<QTabWidget*>();
    QTRY_COMPARE_WITH_TIMEOUT(tabs->tabText(2), QStringLiteral("Outputs 1"), kPatienceMs);
    QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(2).center());
    QVERIFY(driver().clickButton(QStringLiteral("Open queue")));
    QTRY_VERIFY_WITH_TIMEOUT(page().messagePane().shownText().body.find("17") != std::string::npos,
                             kPatienceMs);
    const session::MessageView message = page().model().message(0);
    QVERIFY(driver().clickInExplorer(QStringLiteral("tell")));
    driver().port()->queues()->remove(message.key, &page(), {});
    QVERIFY(driver().clickButton(QStringLiteral("Open queue")));
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(page().findChildren<QLabel*>(),
                                                 [](const QLabel* told) {
                                                     return told->isVisible()
                                                         && told->text().contains(
                                                             QStringLiteral("no longer in “told”"));
                                                 }),
                             kPatienceMs);
}

QTEST_MAIN(TestWindowQueues)
#include "tst_window_queues.moc"

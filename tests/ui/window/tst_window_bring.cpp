#include <QDialogButtonBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

#include "process/host.h"
#include "ui/dialogs/bring_dialog.h"
#include "ui/dialogs/new_workspace_dialog.h"
#include "ui/editor/event_pane.h"
#include "ui/shell/workspace_area.h"
#include "window_driver.h"

using namespace coldframe;
using namespace coldframe::ui;
using window_test::kPatienceMs;
using window_test::WindowDriver;

namespace {

const QByteArray kHandler = R"(import boto3, os, urllib.parse
open(os.path.join(os.path.dirname(__file__), 'has-run'), 'w').close()
s3 = boto3.client('s3')
def lambda_handler(event, context):
    bucket = event['Records'][0]['s3']['bucket']['name']
    key = urllib.parse.unquote_plus(event['Records'][0]['s3']['object']['key'])
    s3.put_object(Bucket=bucket + '-resized', Key=key, Body=b'')
)";

QStringList allBelow(const QString& folder)
{
    QStringList found;
    const QDir at(folder);
    for (const QFileInfo& entry :
         at.entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name)) {
        found << entry.fileName();
        if (entry.isDir())
            for (const QString& inner : allBelow(entry.filePath()))
                found << entry.fileName() + QLatin1Char('/') + inner;
    }
    return found;
}

} // namespace

/// Folders that are dropped on the window, and workspaces made from nothing, over a real session.
class TestWindowBring : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_driver.reset(); }
    void aDroppedCodeFolderIsProposedAndOpensUntrusted();
    void cancelWritesNothing();
    void aDroppedWorkspaceOpens();
    void aFolderWithoutHandlersIsExplained();
    void ctrlShiftNMakesAWorkspaceThatRuns();

private:
    WindowDriver& driver() { return *m_driver; }
    QString made(const QString& name) { return m_folder->filePath(name); }
    void write(const QString& name, const QByteArray& bytes)
    {
        QVERIFY(QDir().mkpath(QFileInfo(made(name)).path()));
        QFile file(made(name));
        QVERIFY(file.open(QFile::WriteOnly) && file.write(bytes) == bytes.size());
    }
    void drop(const QString& path);
    /// Once the next dialog of this kind is open, keeps what it shows and presses a button.
    template <typename Dialog>
    void answer(QStringList& said, QDialogButtonBox::StandardButton button)
    {
        driver().inDialog<Dialog>([&said, button](Dialog& dialog) {
            for (const QLabel* label : dialog.template findChildren<QLabel*>())
                said << label->text();
            QTest::mouseClick(dialog.template findChild<QDialogButtonBox*>()->button(button),
                              Qt::LeftButton);
        });
    }

    QTemporaryDir m_configuration;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<WindowDriver> m_driver;
};

void TestWindowBring::initTestCase()
{
    // Of the user's own settings and trusted folders nothing is read and nothing written.
    qputenv("XDG_CONFIG_HOME", m_configuration.path().toUtf8());
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_window_bring"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    m_themes = std::make_unique<ThemeManager>();
}

void TestWindowBring::init()
{
    QSettings().clear();
    m_folder = std::make_unique<QTemporaryDir>();
    m_driver = std::make_unique<WindowDriver>(*m_themes);
    QVERIFY(driver().open(false));
}

void TestWindowBring::drop(const QString& path)
{
    QMimeData dragged;
    dragged.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&driver().window(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent dropped({10, 10}, Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&driver().window(), &dropped);
}

void TestWindowBring::aDroppedCodeFolderIsProposedAndOpensUntrusted()
{
    write(QStringLiteral("resize/lambda_function.py"), kHandler);
    QStringList said;
    answer<BringDialog>(said, QDialogButtonBox::Ok);
    drop(made(QStringLiteral("resize")));
    QTRY_COMPARE_WITH_TIMEOUT(driver().window().windowTitle(), QStringLiteral("resize – Coldframe"),
                              kPatienceMs);
    for (const char* shown :
         {"python · lambda_function.lambda_handler · 128 MB\n"
          "Takes an object in a bucket (Records[].s3)\n"
          "Trigger on-upload: files that come into the store in",
          "The folder data/in-resized (the code appends \"-resized\" to the event's bucket)",
          "coldframe.json\ndata/in/sample.txt\nevents/sample.json\nevents/sample.expect.json"})
        QVERIFY2(said.contains(QString::fromUtf8(shown)), qPrintable(said.join(QLatin1Char('\n'))));
    QVERIFY(QFile::exists(made(QStringLiteral("resize/coldframe.json"))));
    QVERIFY(!driver().window().actions().action(QStringLiteral("run.send"))->isEnabled());
    QVERIFY2(driver().bar().contains(QStringLiteral("trust"), Qt::CaseInsensitive),
             qPrintable(driver().bar()));
    QVERIFY(!QFile::exists(made(QStringLiteral("resize/has-run"))));
}

void TestWindowBring::cancelWritesNothing()
{
    write(QStringLiteral("resize/lambda_function.py"), kHandler);
    const QString title = driver().window().windowTitle();
    QStringList said;
    answer<BringDialog>(said, QDialogButtonBox::Cancel);
    drop(made(QStringLiteral("resize")));
    QTRY_VERIFY_WITH_TIMEOUT(!said.isEmpty() && !QApplication::activeModalWidget(), kPatienceMs);
    QCOMPARE(allBelow(made(QStringLiteral("resize"))),
             QStringList{QStringLiteral("lambda_function.py")});
    QCOMPARE(driver().window().windowTitle(), title);
}

void TestWindowBring::aDroppedWorkspaceOpens()
{
    write(QStringLiteral("other/coldframe.json"), "{\"format\": 1, \"name\": \"other one\"}");
    drop(made(QStringLiteral("other")));
    QTRY_COMPARE_WITH_TIMEOUT(driver().window().windowTitle(),
                              QStringLiteral("other one – Coldframe"), kPatienceMs);
}

void TestWindowBring::aFolderWithoutHandlersIsExplained()
{
    write(QStringLiteral("empty/notes.txt"), "x");
    QString said;
    bool asked = false;
    driver().inDialog<QMessageBox>([&](QMessageBox& box) {
        said = box.text() + QLatin1Char('\n') + box.informativeText();
        driver().inDialog<NewWorkspaceDialog>([&](NewWorkspaceDialog& dialog) {
            asked = true;
            dialog.reject();
        });
        for (QAbstractButton* button : box.buttons())
            if (box.buttonRole(button) == QMessageBox::ActionRole)
                QTest::mouseClick(button, Qt::LeftButton);
    });
    drop(made(QStringLiteral("empty")));
    QTRY_VERIFY_WITH_TIMEOUT(asked, kPatienceMs);
    QCOMPARE(said,
             QStringLiteral("“empty” cannot be opened: it has no coldframe.json, and none can be "
                            "proposed.\n%1: no handler was found in this folder; a handler is a "
                            "Python function with the parameters event and context, a function "
                            "that a .js or .mjs file exports, or an executable named bootstrap")
                 .arg(made(QStringLiteral("empty"))));
    QCOMPARE(allBelow(made(QStringLiteral("empty"))), QStringList{QStringLiteral("notes.txt")});
}

void TestWindowBring::ctrlShiftNMakesAWorkspaceThatRuns()
{
    driver().inDialog<NewWorkspaceDialog>([this](NewWorkspaceDialog& dialog) {
        for (QLineEdit* edit : dialog.findChildren<QLineEdit*>())
            if (edit->accessibleName() == QStringLiteral("In folder"))
                edit->setText(m_folder->path());
        QTest::keyClick(dialog.findChild<QListWidget*>(), Qt::Key_Return);
    });
    driver().key(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(driver().window().windowTitle(),
                              QStringLiteral("my-functions – Coldframe"), kPatienceMs);
    // What is shipped with the program is trusted as the program is.
    driver().window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&driver().window()));
    QVERIFY(driver().clickInExplorer(QStringLiteral("hello")));
    driver().window().findChild<WorkspaceArea*>()->events()->setEventText(
        QStringLiteral("{\"a\": 1}"));
    driver().clickTool("run.send");
    QTRY_VERIFY_WITH_TIMEOUT(driver().output().contains(QStringLiteral("\"received\"")),
                             kPatienceMs);
}

QTEST_MAIN(TestWindowBring)
#include "tst_window_bring.moc"

#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "ui/editor/event_catalog.h"
#include "ui/editor/event_pane.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe::ui;

/// The list of the event editor, with keys: what is chosen fills the editor.
class TestEventPane : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_pane.reset(); }
    void everyTemplateFillsTheEditor();
    void aTestEventReplacesATemplate();
    void aTemplateChosenAgainUndoesWhatWasTyped();
    void whatWasTypedComesBackWithUndo();

private:
    QComboBox* list() { return m_pane->findChild<QComboBox*>(); }
    static QString textOf(const QString& path);

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<EventPane> m_pane;
};

namespace {

const QString kResources = QStringLiteral(COLDFRAME_SOURCE_DIR "/resources");

} // namespace

void TestEventPane::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_event_pane"));
    m_themes = std::make_unique<ThemeManager>();
}

void TestEventPane::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("events")));
    QFile mine(m_folder->filePath(QStringLiteral("events/mine.json")));
    QVERIFY(mine.open(QFile::WriteOnly) && mine.write("{\"mine\": 1}\n") > 0);
    mine.close();
    m_pane = std::make_unique<EventPane>(kResources);
    m_pane->setWorkspace(m_folder->path());
    m_pane->setFunction(QStringLiteral("f"));
    m_pane->show();
    QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
    list()->setFocus();
}

QString TestEventPane::textOf(const QString& path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

void TestEventPane::everyTemplateFillsTheEditor()
{
    const QList<EventEntry> templates = eventTemplates(kResources);
    QVERIFY2(templates.size() >= 5, qPrintable(QString::number(templates.size())));
    QTest::keyClick(list(), Qt::Key_End);
    for (auto entry = templates.crbegin(); entry != templates.crend(); ++entry) {
        QCOMPARE(list()->currentText(), entry->title);
        QVERIFY2(!textOf(entry->path).isEmpty(), qPrintable(entry->path));
        QCOMPARE(m_pane->eventText(), textOf(entry->path));
        QVERIFY2(m_pane->isValid(), qPrintable(entry->title)); // it can be sent as it is
        QTest::keyClick(list(), Qt::Key_Up);
    }
    // Above them, past their heading, is the workspace's own.
    QCOMPARE(list()->currentText(), QStringLiteral("mine.json"));
    QCOMPARE(m_pane->eventText(), QStringLiteral("{\"mine\": 1}\n"));
}

void TestEventPane::aTestEventReplacesATemplate()
{
    QTest::keyClick(list(), Qt::Key_End);
    QTest::keyClicks(list(), QStringLiteral("mine"));
    QCOMPARE(m_pane->eventText(), QStringLiteral("{\"mine\": 1}\n"));
}

void TestEventPane::aTemplateChosenAgainUndoesWhatWasTyped()
{
    QTest::keyClick(list(), Qt::Key_End);
    const QString whole = m_pane->eventText();
    m_pane->setEventText(QStringLiteral("{\"n\": tru"));
    QVERIFY(!m_pane->isValid());
    QSignalSpy validity(m_pane.get(), &EventPane::validityChanged);
    QTest::keyClick(list(), Qt::Key_Home);
    QTest::keyClick(list(), Qt::Key_End);
    QCOMPARE(m_pane->eventText(), whole);
    QVERIFY(!validity.isEmpty());
    QVERIFY(validity.constLast().constFirst().toBool());
}

void TestEventPane::whatWasTypedComesBackWithUndo()
{
    const QString typed = QStringLiteral("{\"typed\": true}");
    m_pane->setEventText(typed);
    QTest::keyClick(list(), Qt::Key_End);
    QVERIFY(m_pane->eventText() != typed);
    m_pane->focusEditor();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_pane->eventText(), typed);
}

QTEST_MAIN(TestEventPane)
#include "tst_event_pane.moc"

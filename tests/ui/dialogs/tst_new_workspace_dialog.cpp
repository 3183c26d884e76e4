#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "model/workspace_file.h"
#include "ui/dialogs/new_workspace_dialog.h"

using namespace coldframe;
using namespace coldframe::ui;

/// Makes workspaces with keys, as from a chair.
class TestNewWorkspaceDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init();
    void cleanup() { m_dialog.reset(); }
    void keysMakeATemplateWithAFolderTrigger();
    void anExampleIsCopied();
    void theNameFollowsTheChoiceUntilItIsTyped();
    void whatIsInTheWayIsSaid_data();
    void whatIsInTheWayIsSaid();
    void whatAppearsMeanwhileIsNotTouched();
    void everyFieldHasANameAndTheHeadingsArePassedBy();

private:
    QLineEdit* field(const QString& name)
    {
        for (QLineEdit* edit : m_dialog->findChildren<QLineEdit*>())
            if (edit->accessibleName() == name)
                return edit;
        return nullptr;
    }
    void type(const QString& name, const QString& value)
    {
        field(name)->selectAll();
        QTest::keyClicks(field(name), value);
    }
    QListWidget* list() { return m_dialog->findChild<QListWidget*>(); }
    void choose(const QString& title)
    {
        list()->setCurrentItem(list()->findItems(title, Qt::MatchExactly).constFirst());
    }
    QString place() { return m_dialog->findChild<QLabel*>(QStringLiteral("place"))->text(); }
    QPushButton* create()
    {
        return m_dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
    }
    QStringList made() const
    {
        return QDir(m_folder->path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<NewWorkspaceDialog> m_dialog;
};

void TestNewWorkspaceDialog::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_dialog = std::make_unique<NewWorkspaceDialog>(nullptr);
    m_dialog->show();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
    field(QStringLiteral("In folder"))->setText(m_folder->path());
}

void TestNewWorkspaceDialog::keysMakeATemplateWithAFolderTrigger()
{
    QCOMPARE(QApplication::focusWidget(), list());
    QTest::keyClick(list(), Qt::Key_Down); // Node.js
    QTest::keyClick(list(), Qt::Key_Tab);
    auto* trigger = qobject_cast<QComboBox*>(QApplication::focusWidget());
    QVERIFY(trigger);
    QTest::keyClick(trigger, Qt::Key_Down); // a file in a folder
    QTest::keyClick(trigger, Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), field(QStringLiteral("Name")));
    type(QStringLiteral("Name"), QStringLiteral("first steps"));
    QCOMPARE(place(), QStringLiteral("Will be made: %1/first steps").arg(m_folder->path()));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QCOMPARE(m_dialog->result(), int(QDialog::Accepted));
    QCOMPARE(m_dialog->target(), m_folder->filePath(QStringLiteral("first steps")));
    QCOMPARE(made(), QStringList{QStringLiteral("first steps")});
    const WorkspaceReading reading = loadWorkspace(m_dialog->target().toStdString());
    QVERIFY2(reading.errors.empty(), describe(reading.errors).c_str());
    QCOMPARE(reading.workspace->name, std::string("first steps"));
    QVERIFY(reading.workspace->functions.at(0).runtime == Runtime::Node);
    QCOMPARE(reading.workspace->triggers.at(0).name, std::string("on-file"));
}

void TestNewWorkspaceDialog::anExampleIsCopied()
{
    choose(QStringLiteral("csv-etl"));
    QVERIFY(!m_dialog->findChild<QComboBox*>()->isVisible());
    QTest::mouseClick(create(), Qt::LeftButton);
    QCOMPARE(m_dialog->result(), int(QDialog::Accepted));
    QVERIFY(QFile::exists(m_folder->filePath(QStringLiteral("csv-etl/functions/clean/app.py"))));
    const WorkspaceReading reading = loadWorkspace(m_dialog->target().toStdString());
    QVERIFY2(reading.errors.empty(), describe(reading.errors).c_str());
}

void TestNewWorkspaceDialog::theNameFollowsTheChoiceUntilItIsTyped()
{
    QDir(m_folder->path()).mkdir(QStringLiteral("scale"));
    choose(QStringLiteral("scale"));
    QCOMPARE(field(QStringLiteral("Name"))->text(), QStringLiteral("scale-2"));
    type(QStringLiteral("Name"), QStringLiteral("mine"));
    choose(QStringLiteral("Python"));
    QCOMPARE(field(QStringLiteral("Name"))->text(), QStringLiteral("mine"));
}

void TestNewWorkspaceDialog::whatIsInTheWayIsSaid_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("said");
    QTest::newRow("none") << QString() << QStringLiteral("Give the workspace a name.");
    QTest::newRow("a path") << QStringLiteral("a/b")
                            << QStringLiteral("The name becomes a folder: it holds no “/” and does "
                                              "not begin with a dot.");
    QTest::newRow("full folder") << QStringLiteral("full")
                                 << QStringLiteral("%1/full: this folder is there and not empty; "
                                                   "choose another name");
}

void TestNewWorkspaceDialog::whatIsInTheWayIsSaid()
{
    QFETCH(QString, name);
    QFETCH(QString, said);
    QDir(m_folder->path()).mkpath(QStringLiteral("full/inner"));
    field(QStringLiteral("Name"))->clear();
    type(QStringLiteral("Name"), name);
    QCOMPARE(place(), said.contains(QLatin1Char('%')) ? said.arg(m_folder->path()) : said);
    QVERIFY(!create()->isEnabled());
    QTest::keyClick(field(QStringLiteral("Name")), Qt::Key_Return);
    QVERIFY(m_dialog->isVisible());
    QCOMPARE(made(), QStringList{QStringLiteral("full")});
}

void TestNewWorkspaceDialog::whatAppearsMeanwhileIsNotTouched()
{
    type(QStringLiteral("Name"), QStringLiteral("new"));
    QVERIFY(create()->isEnabled());
    QDir(m_folder->path()).mkpath(QStringLiteral("new/inner"));
    QTest::mouseClick(create(), Qt::LeftButton);
    QVERIFY(m_dialog->isVisible());
    QCOMPARE(place(),
             QStringLiteral("Nothing was made. %1/new: this folder is there and not "
                            "empty; choose another name")
                 .arg(m_folder->path()));
    QCOMPARE(QDir(m_folder->filePath(QStringLiteral("new")))
                 .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList{QStringLiteral("inner")});
}

void TestNewWorkspaceDialog::everyFieldHasANameAndTheHeadingsArePassedBy()
{
    for (QWidget* widget : m_dialog->findChildren<QWidget*>())
        if (widget->isVisible() && (widget->focusPolicy() & Qt::TabFocus)
            && !qobject_cast<QPushButton*>(widget))
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
    choose(QStringLiteral("Own runtime"));
    QTest::keyClick(list(), Qt::Key_Down);
    QCOMPARE(list()->currentItem()->text(), QStringLiteral("csv-etl"));
}

QTEST_MAIN(TestNewWorkspaceDialog)
#include "tst_new_workspace_dialog.moc"

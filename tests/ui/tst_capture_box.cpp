#include <QApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QTimer>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/dialogs/capture_dialog.h"
#include "ui/dialogs/trigger_page.h"

using namespace coldframe;
using namespace coldframe::ui;
using State = session::CaptureView::State;

/// Consent to what is installed in somebody's database.
class TestCaptureBox : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void offersNothingForOtherTriggers();
    void showsTheSqlBeforeItInstalls();
    void doesNothingWithoutConsent();
    void offersWhatTheStateNeeds_data();
    void offersWhatTheStateNeeds();
    void saysWhyNothingCanBeInstalled();
    void saysWhyTheStateIsNotKnown();

private:
    /// The first trigger follows a table.
    static std::shared_ptr<session::Snapshot> snapshot()
    {
        auto made = sample::busySnapshot();
        auto workspace = std::make_shared<Workspace>(*made->workspace);
        workspace->folder = "/tmp/orders";
        workspace->stores.push_back({"shop", SqliteStore{"/tmp/orders/data/shop.db"}});
        ChangesTrigger changes;
        changes.store = "shop";
        changes.table = "orders";
        workspace->triggers[0].kind = changes;
        made->workspace = workspace;
        return made;
    }
    static session::CaptureView view(State state)
    {
        session::CaptureView made{
            .state = state, .reasons = {}, .install = {}, .removal = {}, .owner = {}};
        if (state != State::Ready)
            made.install = {{"CREATE TRIGGER \"a\"", "SELECT 2"}, {"something is lost"}};
        if (state != State::Absent)
            made.removal = {{"DROP TRIGGER \"a\""}, {}};
        return made;
    }
    static QPushButton* button(const QWidget& in, const QString& text)
    {
        for (QPushButton* found : in.findChildren<QPushButton*>())
            if (found->text() == text && found->isVisible())
                return found;
        return nullptr;
    }
    static QStringList seen(const QWidget& in)
    {
        QStringList texts;
        for (const QLabel* label : in.findChildren<QLabel*>())
            if (label->isVisible())
                texts << label->text();
        return texts;
    }
    /// Presses a button of the page and then one of the dialog; what the dialog said.
    static QStringList answer(QPushButton* first, const QString& second)
    {
        QStringList said;
        QTimer::singleShot(0, [&] {
            auto* dialog = qobject_cast<CaptureDialog*>(QApplication::activeModalWidget());
            if (!dialog)
                return;
            said << dialog->findChild<QPlainTextEdit*>()->toPlainText() << seen(*dialog);
            QTest::mouseClick(button(*dialog, second), Qt::LeftButton);
        });
        QTest::mouseClick(first, Qt::LeftButton);
        return said;
    }
    struct Shown {
        explicit Shown(Result<session::CaptureView> captured) : port(snapshot())
        {
            port.captured = std::move(captured);
            page.setPort(&port);
            page.setTrigger(text());
            static_cast<QWidget&>(page).show();
        }
        QString text() const
        {
            return QString::fromStdString(port.snapshot()->workspace->triggers[0].name);
        }
        sample::MadeUpPort port;
        TriggerPage page;
    };
};

void TestCaptureBox::offersNothingForOtherTriggers()
{
    sample::MadeUpPort port(sample::busySnapshot());
    port.captured = view(State::Absent);
    TriggerPage page;
    page.setPort(&port);
    page.setTrigger(QStringLiteral("nightly"));
    static_cast<QWidget&>(page).show();
    QVERIFY(!button(page, QStringLiteral("Install…")));
}

void TestCaptureBox::showsTheSqlBeforeItInstalls()
{
    Shown shown(view(State::Absent));
    QVERIFY(seen(shown.page).contains(QStringLiteral("Changes of orders in data/shop.db")));
    QPushButton* install = button(shown.page, QStringLiteral("Install…"));
    QVERIFY(install);
    QVERIFY(!button(shown.page, QStringLiteral("Remove…")));
    shown.port.captured = view(State::Ready);
    const QStringList said = answer(install, QStringLiteral("Install"));
    QCOMPARE(said.value(0), QStringLiteral("CREATE TRIGGER \"a\";\nSELECT 2;\n"));
    QVERIFY(said.contains(QStringLiteral("Note: something is lost")));
    QCOMPARE(shown.port.asked, QStringList{QStringLiteral("install ") + shown.text()});
    QCOMPARE(shown.port.lastCapture.agreed.statements.size(), 2u);
    QVERIFY(!button(shown.page, QStringLiteral("Install…")));
    QVERIFY(button(shown.page, QStringLiteral("Remove…")));
}

void TestCaptureBox::doesNothingWithoutConsent()
{
    Shown shown(view(State::Absent));
    const QStringList said
        = answer(button(shown.page, QStringLiteral("Install…")), QStringLiteral("Cancel"));
    QVERIFY(!said.isEmpty());
    QVERIFY(shown.port.asked.isEmpty());
}

void TestCaptureBox::offersWhatTheStateNeeds_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("install");
    QTest::newRow("outdated") << int(State::Outdated) << QStringLiteral("Repair…");
    QTest::newRow("broken") << int(State::Broken) << QStringLiteral("Repair…");
    QTest::newRow("renamed") << int(State::Renamed) << QStringLiteral("Take over…");
    QTest::newRow("another's") << int(State::Foreign) << QStringLiteral("Take over…");
}

void TestCaptureBox::offersWhatTheStateNeeds()
{
    QFETCH(int, state);
    QFETCH(QString, install);
    auto made = view(static_cast<State>(state));
    made.reasons = {"the table has changed"};
    Shown shown(made);
    QVERIFY(button(shown.page, install));
    QVERIFY(seen(shown.page).contains(QStringLiteral("the table has changed")));
    answer(button(shown.page, QStringLiteral("Remove…")), QStringLiteral("Remove"));
    QCOMPARE(shown.port.asked, QStringList{QStringLiteral("remove ") + shown.text()});
}

void TestCaptureBox::saysWhyNothingCanBeInstalled()
{
    auto made = view(State::Broken);
    made.reasons = {"there is no table \"orders\""};
    made.install = {};
    made.refused = Error{.message = "there is no table \"orders\"", .hint = "create it"};
    Shown gone(made);
    QVERIFY(seen(gone.page).contains(QStringLiteral("there is no table \"orders\"\ncreate it")));
    QVERIFY(!button(gone.page, QStringLiteral("Repair…")));
    QVERIFY(button(gone.page, QStringLiteral("Remove…")));

    made.state = State::Renamed;
    made.reasons = {"the table was renamed to \"sales\""};
    Shown renamed(made);
    QVERIFY(seen(renamed.page).contains(QStringLiteral("the table was renamed to \"sales\"")));
    QVERIFY(!button(renamed.page, QStringLiteral("Take over…")));
}

void TestCaptureBox::saysWhyTheStateIsNotKnown()
{
    Shown shown(tl::unexpected(Error{.message = "no such file", .hint = "create it"}));
    QVERIFY(seen(shown.page).contains(QStringLiteral("no such file\ncreate it")));
    QVERIFY(!button(shown.page, QStringLiteral("Install…")));
}

QTEST_MAIN(TestCaptureBox)
#include "tst_capture_box.moc"

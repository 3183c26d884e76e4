#include <QLineEdit>
#include <QTest>
#include <QVBoxLayout>

#include "ui/shell/pane_focus.h"

using namespace coldframe::ui;

/// Panes, made in another order than they are read in.
class TestPaneFocus : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_window.reset(); }
    void tabGoesThroughEachPaneBeforeTheNext();
    void f6GoesFromPaneToPaneAndBackToWhereItWas();
    void whatCannotBeSeenIsPassedOver();
    void aPaneInAnotherHasItsOwnTurn();

private:
    QLineEdit* line(QWidget* pane, const char* name)
    {
        auto* made = new QLineEdit(pane);
        made->setObjectName(QLatin1String(name));
        pane->layout()->addWidget(made);
        return made;
    }
    QString focus() const
    {
        return QApplication::focusWidget() ? QApplication::focusWidget()->objectName() : QString();
    }
    QStringList tabs(int count);

    std::unique_ptr<QWidget> m_window;
    QWidget *m_left = nullptr, *m_middle = nullptr, *m_inner = nullptr;
    PaneFocus* m_panes = nullptr;
};

void TestPaneFocus::init()
{
    m_window = std::make_unique<QWidget>();
    new QVBoxLayout(m_window.get());
    const auto pane = [](QWidget* in) {
        auto* made = new QWidget(in);
        new QVBoxLayout(made);
        in->layout()->addWidget(made);
        return made;
    };
    m_middle = pane(m_window.get());
    m_left = pane(m_window.get());
    m_inner = pane(m_middle);
    line(m_inner, "inner");
    line(m_middle, "m1");
    line(m_left, "l1");
    line(m_middle, "m2");
    line(m_left, "l2");
    m_panes = new PaneFocus(*m_window);
    m_panes->setPanes({m_left, m_middle, m_inner});
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

QStringList TestPaneFocus::tabs(int count)
{
    m_window->findChild<QLineEdit*>(QStringLiteral("l1"))->setFocus();
    QStringList seen{focus()};
    for (int i = 1; i < count; ++i) {
        m_panes->arrange();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        seen << focus();
    }
    return seen;
}

void TestPaneFocus::tabGoesThroughEachPaneBeforeTheNext()
{
    QCOMPARE(tabs(6), (QStringList{"l1", "l2", "m1", "m2", "inner", "l1"}));
    line(m_left, "l3")->show(); // made last of all
    QCOMPARE(tabs(5), (QStringList{"l1", "l2", "l3", "m1", "m2"}));
}

void TestPaneFocus::f6GoesFromPaneToPaneAndBackToWhereItWas()
{
    m_window->findChild<QLineEdit*>(QStringLiteral("l2"))->setFocus();
    m_panes->move(1);
    QCOMPARE(focus(), QStringLiteral("m1"));
    m_panes->move(1);
    QCOMPARE(focus(), QStringLiteral("inner"));
    m_panes->move(1);
    QCOMPARE(focus(), QStringLiteral("l2"));
    m_panes->move(-1);
    QCOMPARE(focus(), QStringLiteral("inner"));
}

void TestPaneFocus::whatCannotBeSeenIsPassedOver()
{
    m_middle->hide();
    m_window->findChild<QLineEdit*>(QStringLiteral("l1"))->setFocus();
    m_panes->move(1);
    QCOMPARE(focus(), QStringLiteral("l1"));
    QCOMPARE(tabs(3), (QStringList{"l1", "l2", "l1"}));
}

void TestPaneFocus::aPaneInAnotherHasItsOwnTurn()
{
    m_inner->setFocusProxy(m_inner->findChild<QLineEdit*>());
    m_window->findChild<QLineEdit*>(QStringLiteral("m2"))->setFocus();
    m_panes->move(1);
    QCOMPARE(focus(), QStringLiteral("inner"));
    m_panes->move(-1);
    QCOMPARE(focus(), QStringLiteral("m2"));
}

QTEST_MAIN(TestPaneFocus)
#include "tst_pane_focus.moc"

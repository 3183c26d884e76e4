#include <QComboBox>
#include <QDockWidget>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QToolButton>

#include <cmath>

#include "main_window_fixture.h"
#include "ui/charts/figure_label.h"
#include "ui/support/format.h"
#include "ui/widgets/wrapped_label.h"

using namespace coldframe;
using namespace coldframe::ui;

/// How the window looks: its layout, its colours, names of what has no text, figures that are
/// whole.
class TestWindowLook : public test::MainWindowFixture {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { prepare(QStringLiteral("tst_window_look")); }
    void init() { openWindow(); }
    void cleanup() { m_window.reset(); }
    void layoutCanBeReset();
    void iconButtonsHaveNames();
    void switchesThemeLive();
    void thePlatformIsTextAndNoControl();
    void figuresAreWholeAt_data();
    void figuresAreWholeAt();
    void aLabelWithoutTextClaimsNothing();
};

void TestWindowLook::layoutCanBeReset()
{
    auto* explorer = m_window->findChild<QDockWidget*>(QStringLiteral("dock.explorer"));
    m_window->addDockWidget(Qt::RightDockWidgetArea, explorer);
    QCOMPARE(m_window->dockWidgetArea(explorer), Qt::RightDockWidgetArea);
    action("view.resetLayout")->trigger();
    QCOMPARE(m_window->dockWidgetArea(explorer), Qt::LeftDockWidgetArea);
    QVERIFY(explorer->isVisible());
}

void TestWindowLook::iconButtonsHaveNames()
{
    for (const QToolButton* button : m_window->findChildren<QToolButton*>()) {
        if (qobject_cast<QLineEdit*>(button->parentWidget()))
            continue; // a field's own icon; the field has the name
        const bool named
            = !button->text().trimmed().isEmpty() || !button->accessibleName().isEmpty();
        QVERIFY2(named || !button->isVisible(), qPrintable(button->objectName()));
    }
    for (const QComboBox* box : m_window->findChildren<QComboBox*>())
        QVERIFY(!box->accessibleName().isEmpty());
}

void TestWindowLook::switchesThemeLive()
{
    m_themes->setMode(ThemeMode::Light);
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::lightTheme().background);
    action("view.toggleTheme")->trigger();
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::darkTheme().background);
    QVERIFY(action("view.themeDark")->isChecked());
    QVERIFY(!qApp->styleSheet().contains(QLatin1Char('@'))); // every role was filled in
    m_themes->setMode(ThemeMode::Light);
}

/// Nothing that looks as if it could be pressed and cannot.
void TestWindowLook::thePlatformIsTextAndNoControl()
{
    m_themes->setMode(ThemeMode::Light);
    const auto* platform = m_window->findChild<QLabel*>(QStringLiteral("platform"));
    QCOMPARE(platform->text(), QStringLiteral("AWS Lambda x86_64 · us-east-1 · 2026-09"));
    QTRY_COMPARE(platform->width(), platform->sizeHint().width()); // laid out
    const QImage picture = m_window->grab().toImage();
    const QRect at(platform->mapTo(m_window.get(), QPoint(0, 0)), platform->size());
    QVERIFY2(picture.rect().contains(at), "it is in sight");
    for (int x = at.left(); x <= at.right(); ++x)
        for (const int y : {at.top(), at.bottom()})
            QCOMPARE(picture.pixelColor(x, y), Theme::lightTheme().background);
}

void TestWindowLook::figuresAreWholeAt_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<double>("factor");
    QTest::newRow("the size it opens with") << QSize(1600, 1000) << 1.0;
    QTest::newRow("a small screen") << QSize(1280, 1000) << 1.0;
    QTest::newRow("a small screen and a large bill") << QSize(1280, 1000) << 10'000.0;
    QTest::newRow("a small screen and the first cents") << QSize(1280, 1000) << 1e-4;
}

void TestWindowLook::figuresAreWholeAt()
{
    QFETCH(QSize, size);
    QFETCH(double, factor);
    auto moment = snapshotHere();
    moment->totals.cost = Money::fromPicodollars(std::llround(41.8e9 * factor));
    for (session::Bucket& bucket : moment->buckets)
        bucket.computeUsd *= factor;
    moment->buckets[200].throttled = 187;
    m_window->resize(size);
    m_port->publish(moment);
    const auto of = [this](const char* part) {
        for (const FigureLabel* label : m_window->findChildren<FigureLabel*>())
            if (label->of().contains(QString::fromUtf8(part)))
                return label;
        return static_cast<const FigureLabel*>(nullptr);
    };
    QTRY_COMPARE(of("/ month") ? of("/ month")->figure() : QString(), // the cards take turns
                 dollarsText(moment->totals.cost.toDollars()));
    QTRY_VERIFY(of("throttled"));
    for (const char* part : {"/ month", "throttled", "limit", "p95", "alive"}) {
        QVERIFY2(of(part), part);
        QCOMPARE(of(part)->shownOf(), of(part)->of());
    }
}

/// Qt warned of negative sizes when one was laid out before it had a text.
void TestWindowLook::aLabelWithoutTextClaimsNothing()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("Negative sizes")));
    WrappedLabel label(nullptr);
    label.resize(200, 50);
    label.show();
    QVERIFY(QTest::qWaitForWindowExposed(&label));
    QCOMPARE(label.minimumHeight(), 0);
    label.setText(QStringLiteral("long words ").repeated(40));
    QVERIFY(label.minimumHeight() > 50);
}

QTEST_MAIN(TestWindowLook)
#include "tst_window_look.moc"

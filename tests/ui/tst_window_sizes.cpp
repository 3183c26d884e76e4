#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QScrollBar>
#include <QTabBar>
#include <QToolBar>

#include <algorithm>

#include "main_window_fixture.h"
#include "ui/simulate/simulate_page.h"
#include "ui/widgets/page_scroll.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

const char kScenario[] = R"({ "format": 1, "durationS": 60, "functions": { "f": {
    "service": { "law": "constant", "meanS": 1 },
    "arrivals": { "law": "poisson", "ratePerS": 1 } } } })";

QString described(const QWidget& widget)
{
    QStringList names;
    for (const QWidget* at = &widget; at && !at->isWindow(); at = at->parentWidget())
        names.prepend(QLatin1String(at->metaObject()->className())
                      + (at->objectName().isEmpty() ? QString() : u'#' + at->objectName()));
    return names.join(QStringLiteral(" / "));
}

bool isScrolled(const QWidget& widget)
{
    const auto* area = qobject_cast<const QAbstractScrollArea*>(
        widget.parentWidget() ? widget.parentWidget()->parentWidget() : nullptr);
    return area && area->viewport() == widget.parentWidget();
}

/// Qt keeps the tabs of docks that are all hidden, far out of the window.
bool isPutAway(const QMainWindow& window, const QWidget& widget)
{
    const auto* tabs = qobject_cast<const QTabBar*>(&widget);
    if (!tabs || tabs->parentWidget() != &window || window.rect().intersects(tabs->geometry()))
        return false;
    return std::ranges::none_of(
        window.findChildren<QDockWidget*>(), [tabs](const QDockWidget* dock) {
            return dock->isVisible() && dock->windowTitle() == tabs->tabText(tabs->currentIndex());
        });
}

/// Of docks in one place one is in front; the others lie wherever they were last.
bool isBehindTab(const QMainWindow& window, const QWidget& widget)
{
    auto* dock = qobject_cast<QDockWidget*>(const_cast<QWidget*>(&widget));
    return dock && dock->visibleRegion().isEmpty()
        && std::ranges::any_of(window.tabifiedDockWidgets(dock), [](const QDockWidget* other) {
               return !other->visibleRegion().isEmpty();
           });
}

/// Which visible widgets reach out of what they lie in, or have less room than they need at least.
/// What lies in a scroll area can be reached there, and a tool bar has a button for what does not
/// fit into it.
QStringList cutOff(const QMainWindow& window)
{
    QStringList cut;
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        if (!widget->isVisible() || widget->isWindow() || isScrolled(*widget)
            || qobject_cast<const QToolBar*>(widget->parentWidget())
            || qobject_cast<const QAbstractScrollArea*>(widget->parentWidget())
            || qobject_cast<const QTabBar*>(widget->parentWidget()) // its scroll buttons
            || qobject_cast<const QLineEdit*>(widget->parentWidget()) // its icons
            || isBehindTab(window, *widget) || isPutAway(window, *widget)
            || widget->inherits("QSplitterHandle") || widget->inherits("QsciScintillaBase"))
            continue;
        if (!widget->parentWidget()->rect().contains(widget->geometry()))
            cut << described(*widget)
                    + QStringLiteral(" reaches out: %1, %2, %3 × %4 in %5 × %6")
                          .arg(widget->x())
                          .arg(widget->y())
                          .arg(widget->width())
                          .arg(widget->height())
                          .arg(widget->parentWidget()->width())
                          .arg(widget->parentWidget()->height());
        const bool words = qobject_cast<const QAbstractButton*>(widget)
            && widget->sizePolicy().horizontalPolicy() != QSizePolicy::Ignored;
        if (words && widget->width() < widget->minimumSizeHint().width())
            cut << described(*widget) + QStringLiteral(" has too little room");
    }
    return cut;
}

} // namespace

/// The window at the size of small screens: nothing is cut off without a way to reach it.
class TestWindowSizes : public test::MainWindowFixture {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { prepare(QStringLiteral("tst_window_sizes")); }
    void init();
    void cleanup() { m_window.reset(); }
    void allIsWithinReach_data();
    void allIsWithinReach();
    void aPageThatNeedsMoreIsScrolled();
    void theRulesOfAQueueAreNotCut();
    void tabsKeepTheirNames();

private:
    void openPage(const QString& page);
};

/// With an entry of every kind that has a page of its own.
void TestWindowSizes::init()
{
    openWindow();
    auto moment = std::make_shared<session::Snapshot>(*m_port->snapshot());
    auto workspace = std::make_shared<Workspace>(*moment->workspace);
    QueueStore parts;
    parts.maxReceives = 3;
    parts.deadLetters = "parts-dead";
    workspace->stores.push_back({"parts", parts});
    workspace->stores.push_back({"parts-dead", QueueStore{}});
    workspace->stores.push_back(
        {"orders", SqliteStore{"/tmp/a/folder/with/a/long/path/orders.db"}});
    workspace->stores.push_back(
        {"warehouse", PostgresStore{"postgresql://me@localhost/warehouse"}});
    QueueTrigger reads;
    reads.store = "parts";
    ChangesTrigger changes;
    changes.store = "orders";
    changes.table = "orders";
    workspace->triggers.push_back({"read-parts", "enrich", true, {}, reads});
    workspace->triggers.push_back({"orders-changed", "csv-etl", true, {}, changes});
    moment->stores.resize(workspace->stores.size());
    for (std::size_t i = 0; i < workspace->stores.size(); ++i)
        if (std::holds_alternative<QueueStore>(workspace->stores[i].kind))
            moment->stores[i].queue.emplace();
    moment->triggers.resize(workspace->triggers.size());
    moment->triggers.back().message = "the changes of orders in orders are not captured yet; agree "
                                      "to what Coldframe wants to install in the database";
    moment->workspace = workspace;
    m_port->publish(moment);
}

void TestWindowSizes::openPage(const QString& page)
{
    if (page == QStringLiteral("welcome")) {
        action("file.close")->trigger();
    } else if (page == QStringLiteral("scenario")) {
        const QString path = m_folder->filePath(QStringLiteral("scenarios/small.json"));
        QDir(m_folder->path()).mkpath(QStringLiteral("scenarios"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(kScenario) > 0);
        file.close();
        m_window->enter(path);
        QVERIFY(area()->currentScenario());
    } else if (page == QStringLiteral("tests")) {
        m_window->findChild<QDockWidget*>(QStringLiteral("dock.tests"))->raise();
    } else if (page == QStringLiteral("result")) {
        action("run.send")->trigger();
    } else if (const Workspace& workspace = *m_port->snapshot()->workspace;
               workspace.findTrigger(page.toStdString())) {
        area()->openTrigger(page);
    } else if (workspace.findStore(page.toStdString())) {
        area()->openStore(page);
    } else {
        area()->openFunction(page);
    }
}

void TestWindowSizes::allIsWithinReach_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<QString>("page");
    for (const QSize size : {QSize(900, 600), QSize(1280, 720)})
        for (const char* page : {"welcome", "thumbnails", "result", "on-upload", "nightly",
                                 "enrich-jobs", "read-parts", "orders-changed", "uploads", "orders",
                                 "warehouse", "parts", "parts-dead", "scenario", "tests"})
            QTest::addRow("%d × %d, %s", size.width(), size.height(), page)
                << size << QString::fromLatin1(page);
}

void TestWindowSizes::allIsWithinReach()
{
    QFETCH(QSize, size);
    QFETCH(QString, page);
    openPage(page);
    m_window->resize(size);
    QTRY_COMPARE(m_window->size(), size); // it is not held open by what is in it
    QVERIFY2(m_window->minimumSizeHint().width() <= size.width()
                 && m_window->minimumSizeHint().height() <= size.height(),
             qPrintable(QStringLiteral("%1 × %2")
                            .arg(m_window->minimumSizeHint().width())
                            .arg(m_window->minimumSizeHint().height())));
    QStringList cut;
    const auto whole = [&] {
        cut = cutOff(*m_window);
        return cut.isEmpty();
    };
    QVERIFY2(QTest::qWaitFor(whole, 5'000), qPrintable(cut.join(u'\n')));
    const QSize least = area()->parentWidget()->size();
    QVERIFY2(least.width() >= 400 && least.height() >= 200,
             qPrintable(
                 QStringLiteral("the middle has %1 × %2").arg(least.width()).arg(least.height())));
}

/// Above: where there is a way. Here: that it leads there.
void TestWindowSizes::aPageThatNeedsMoreIsScrolled()
{
    auto* pages = area()->findChild<PageScroll*>();
    auto* needs = new QWidget;
    needs->setMinimumSize(3000, 2000);
    pages->addWidget(needs);
    pages->setCurrentWidget(needs);
    QTRY_COMPARE(needs->size(), QSize(3000, 2000));
    QTRY_VERIFY(pages->horizontalScrollBar()->maximum() > 0);
    QVERIFY(pages->verticalScrollBar()->maximum() > 0);
    pages->verticalScrollBar()->setValue(pages->verticalScrollBar()->maximum());
    QTRY_COMPARE(needs->mapTo(pages->viewport(), QPoint(0, 2000)).y(), pages->viewport()->height());
    area()->openTrigger(QStringLiteral("nightly")); // needs less
    QTRY_COMPARE(pages->verticalScrollBar()->maximum(), 0);
}

/// The buttons beside them go into a second row before.
void TestWindowSizes::theRulesOfAQueueAreNotCut()
{
    m_window->resize(900, 600);
    area()->openStore(QStringLiteral("parts-dead"));
    const auto* rules = area()->findChild<QLabel*>(QStringLiteral("queueRules"));
    const auto* buttons = rules->parentWidget();
    QTRY_VERIFY(buttons->isVisible() && buttons->height() > 2 * rules->height());
    QVERIFY(rules->fontMetrics().horizontalAdvance(QStringLiteral("standard queue"))
            < rules->width());
    QTRY_VERIFY(buttons->minimumSizeHint().width() < area()->findChild<PageScroll*>()->width());
}

void TestWindowSizes::tabsKeepTheirNames()
{
    m_window->resize(900, 600);
    for (const Trigger& trigger : m_port->snapshot()->workspace->triggers)
        area()->openTrigger(QString::fromStdString(trigger.name));
    const auto* tabs = area()->findChild<QTabBar*>();
    for (int tab = 0; tab < tabs->count(); ++tab)
        QVERIFY2(tabs->tabRect(tab).width()
                     > tabs->fontMetrics().horizontalAdvance(tabs->tabText(tab)),
                 qPrintable(tabs->tabText(tab)));
}

QTEST_MAIN(TestWindowSizes)
#include "tst_window_sizes.moc"

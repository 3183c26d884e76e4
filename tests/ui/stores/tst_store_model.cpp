#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QTest>

#include <algorithm>
#include <map>
#include <random>

#include "ui/stores/store_model.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;

namespace {

const QDateTime kNow = QDateTime::fromMSecsSinceEpoch(1'790'000'000'000);

StoreObject object(std::string key, std::uint64_t bytes, int secondsAgo = 100)
{
    const TimePoint now{std::chrono::milliseconds(kNow.toMSecsSinceEpoch())};
    return {std::move(key), bytes, now - std::chrono::seconds(secondsAgo), false};
}

QStringList keys(const StoreModel& model)
{
    QStringList shown;
    for (int row = 0; row < model.rowCount(); ++row)
        shown << model.index(row, StoreModel::Key).data().toString();
    return shown;
}

} // namespace

class TestStoreModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void changesLeaveWhatAListingWouldShow_data();
    void changesLeaveWhatAListingWouldShow();
    void whatComesIsNewForAWhile();
    void theFilterLooksInTheWholeKey();
    void oddKeysAreShown_data();
    void oddKeysAreShown();
    void linksOutTellNothingOfTheirTarget();
    void aRowThatMovesKeepsItsSelection();
};

void TestStoreModel::changesLeaveWhatAListingWouldShow_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<int>("order");
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("batch");
    const char* const names[] = {"key", "size", "modified"};
    for (int column = 0; column < StoreModel::kColumns; ++column)
        for (const int order : {Qt::AscendingOrder, Qt::DescendingOrder})
            for (const int batch : {7, 250}) // row by row, and all made again
                QTest::addRow("by %s, order %d, %d at once", names[column], order, batch)
                    << column << order << (batch == 7 ? QStringLiteral("1") : QString()) << batch;
}

void TestStoreModel::changesLeaveWhatAListingWouldShow()
{
    QFETCH(int, column);
    QFETCH(int, order);
    QFETCH(QString, filter);
    QFETCH(int, batch);
    StoreModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.sort(column, static_cast<Qt::SortOrder>(order));
    model.setFilter(filter);
    std::map<std::string, StoreObject> have;
    std::mt19937 random(17); // NOLINT: the same every time
    for (int round = 0; round < 40; ++round) {
        std::vector<StoreChange> changes;
        for (int i = 0; i < batch; ++i) {
            const std::string key = "k/" + std::to_string(random() % 300);
            if (random() % 3 == 0) {
                changes.push_back({object(key, 0), true});
                have.erase(key);
            } else {
                changes.push_back({object(key, random() % 5, int(random() % 5)), false});
                have[key] = changes.back().object;
            }
        }
        model.apply(changes, kNow);

        StoreModel fresh;
        std::vector<StoreObject> listing;
        std::uint64_t bytes = 0;
        for (const auto& [key, there] : have) {
            listing.push_back(there);
            bytes += there.bytes;
        }
        fresh.setListing(listingOf(listing));
        fresh.setFilter(filter);
        fresh.sort(column, static_cast<Qt::SortOrder>(order));
        QCOMPARE(keys(model), keys(fresh));
        QCOMPARE(model.total(), have.size());
        QCOMPARE(model.bytes(), bytes);
        for (int row = 0; row < model.rowCount(); ++row) {
            QCOMPARE(model.object(row).bytes, fresh.object(row).bytes);
            QCOMPARE(model.find(model.object(row).key), std::optional(row));
        }
    }
}

void TestStoreModel::whatComesIsNewForAWhile()
{
    StoreModel model;
    model.setListing(listingOf({object("old", 1)}));
    model.apply({{object("new", 1, 0), false}}, kNow);
    QCOMPARE(keys(model), (QStringList{QStringLiteral("new"), QStringLiteral("old")}));
    const QModelIndex fresh = model.index(0, StoreModel::Key), old = model.index(1, 0);
    QVERIFY(fresh.data(StoreModel::NewRole).toBool());
    QVERIFY(fresh.data(Qt::BackgroundRole).isValid());
    QCOMPARE(fresh.data(Qt::AccessibleTextRole).toString(), QStringLiteral("Key: new, new"));
    QVERIFY(!old.data(StoreModel::NewRole).toBool());
    QCOMPARE(model.index(0, StoreModel::Modified).data().toString(), QStringLiteral("just now"));
    model.setNow(kNow.addMSecs(StoreModel::kNewMs));
    QVERIFY(!fresh.data(StoreModel::NewRole).toBool());
    QCOMPARE(model.index(0, StoreModel::Modified).data().toString(), QStringLiteral("10 s ago"));
    QCOMPARE(model.index(1, StoreModel::Modified).data().toString(), QStringLiteral("1 min ago"));
}

void TestStoreModel::theFilterLooksInTheWholeKey()
{
    StoreModel model;
    model.setListing(
        listingOf({object("In/report 01.csv", 1), object("in/other", 1), object("out/a", 1)}));
    model.setFilter(QStringLiteral("in/"));
    QCOMPARE(model.rowCount(), 2);
    model.setFilter(QStringLiteral("REPORT 01"));
    QCOMPARE(keys(model), QStringList{QStringLiteral("In/report 01.csv")});
    QVERIFY(!model.find("out/a"));
    model.setFilter({});
    QCOMPARE(model.rowCount(), 3);
}

void TestStoreModel::oddKeysAreShown_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char* name, const QByteArray& key, const QString& shown) {
        QTest::newRow(name) << key << shown;
    };
    row("a space", "in/report 01.csv", QStringLiteral("in/report 01.csv"));
    row("a plus", "a+b", QStringLiteral("a+b"));
    row("unicode", "grüße/日本.json", QStringLiteral("grüße/日本.json"));
    row("a line break", "two\nlines", QStringLiteral("two␊lines"));
    row("bytes that are no text", QByteArray("a\xff"), QStringLiteral("a\uFFFD"));
    row("markup", "<b>x</b>", QStringLiteral("<b>x</b>"));
    row("a long one", QByteArray(255, 'k') + '/' + QByteArray(255, 'l'),
        QString(255, QLatin1Char('k')) + QLatin1Char('/') + QString(255, QLatin1Char('l')));
}

void TestStoreModel::oddKeysAreShown()
{
    QFETCH(QByteArray, key);
    QFETCH(QString, shown);
    StoreModel model;
    model.setListing(listingOf({object(key.toStdString(), 1)}));
    QCOMPARE(model.index(0, StoreModel::Key).data().toString(), shown);
    QCOMPARE(model.find(key.toStdString()), std::optional(0));
}

void TestStoreModel::linksOutTellNothingOfTheirTarget()
{
    StoreModel model;
    StoreObject link = object("link", 4711);
    link.outside = true;
    model.setListing(listingOf({link}));
    QCOMPARE(model.index(0, StoreModel::Size).data().toString(), QStringLiteral("link"));
    QCOMPARE(model.index(0, StoreModel::Modified).data().toString(),
             QStringLiteral("not followed"));
    QVERIFY(!model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("4711")));
}

void TestStoreModel::aRowThatMovesKeepsItsSelection()
{
    StoreModel model;
    model.sort(StoreModel::Size, Qt::AscendingOrder);
    model.setListing(listingOf({object("a", 1), object("b", 2), object("c", 3)}));
    const QPersistentModelIndex b = model.index(1, 0);
    model.apply({{object("b", 9), false}}, kNow);
    QCOMPARE(b.row(), 2);
    model.apply({{object("b", 0), false}}, kNow);
    QCOMPARE(b.row(), 0);
    QCOMPARE(b.data().toString(), QStringLiteral("b"));
}

QTEST_MAIN(TestStoreModel)
#include "tst_store_model.moc"

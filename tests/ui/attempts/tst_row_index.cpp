#include <QTest>

#include "ui/attempts/row_index.h"

using coldframe::ui::RowIndex;

class TestRowIndex : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void newestIsFirst();
    void theOldestGoFirst();
};

namespace {

QList<int> contents(const RowIndex& index)
{
    QList<int> made;
    for (std::size_t i = 0; i < index.size(); ++i)
        made.append(static_cast<int>(index.at(i)));
    return made;
}

} // namespace

void TestRowIndex::newestIsFirst()
{
    RowIndex index;
    index.addOlder({50, 48});
    index.addNewer({60, 61});
    index.addOlder({12});
    index.addNewer({70});
    QCOMPARE(contents(index), (QList<int>{70, 61, 60, 50, 48, 12}));
}

void TestRowIndex::theOldestGoFirst()
{
    RowIndex index;
    index.addOlder({50, 48, 12});
    index.addNewer({60, 61});
    QCOMPARE(index.countBefore(12), std::size_t(0));
    QCOMPARE(index.countBefore(49), std::size_t(2));
    QCOMPARE(index.countBefore(61), std::size_t(4));
    index.dropOldest(2);
    QCOMPARE(contents(index), (QList<int>{61, 60, 50}));
    index.dropOldest(2);
    QCOMPARE(contents(index), (QList<int>{61}));
    index.dropOldest(1);
    QCOMPARE(index.size(), std::size_t(0));
}

QTEST_APPLESS_MAIN(TestRowIndex)
#include "tst_row_index.moc"

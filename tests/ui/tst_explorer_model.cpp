#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

#include "ui/explorer/explorer_model.h"

using namespace coldframe::ui;

namespace {

/// Rows named by their letters: "abc" is three rows.
QList<ExplorerRow> rowsNamed(const QString& letters)
{
    QList<ExplorerRow> rows;
    for (const QChar letter : letters)
        rows.append({.key = QString(letter), .text = QString(letter)});
    return rows;
}

QString names(const ExplorerModel& model, Section section)
{
    QString all;
    const QModelIndex parent = model.sectionIndex(section);
    for (int row = 0; row < model.rowCount(parent); ++row)
        all += model.index(row, 0, parent).data().toString();
    return all;
}

} // namespace

class TestExplorerModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void becomesTheNewRows_data();
    void becomesTheNewRows();
    void keepsWhatStays();
    void saysOnlyWhatChanged();
    void sectionsCountTheirRows();
};

void TestExplorerModel::becomesTheNewRows_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::newRow("filled") << ""
                            << "abc";
    QTest::newRow("emptied") << "abc"
                             << "";
    QTest::newRow("one more at the end") << "abc"
                                         << "abcd";
    QTest::newRow("one more at the front") << "abc"
                                           << "dabc";
    QTest::newRow("one less in the middle") << "abc"
                                            << "ac";
    QTest::newRow("turned round") << "abcd"
                                  << "dcba";
    QTest::newRow("all others") << "abc"
                                << "xyz";
    QTest::newRow("some of each") << "abcdef"
                                  << "xfbya";
}

void TestExplorerModel::becomesTheNewRows()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    ExplorerModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ExplorerRows rows;
    rows[0] = rowsNamed(before);
    model.setRows(rows);
    QCOMPARE(names(model, Section::Functions), before);
    rows[0] = rowsNamed(after);
    model.setRows(rows);
    QCOMPARE(names(model, Section::Functions), after);
}

void TestExplorerModel::keepsWhatStays()
{
    ExplorerModel model;
    ExplorerRows rows;
    rows[1] = rowsNamed(QStringLiteral("abcd"));
    model.setRows(rows);
    const QPersistentModelIndex chosen = model.find(Section::Triggers, QStringLiteral("c"));
    rows[1] = rowsNamed(QStringLiteral("cxa"));
    model.setRows(rows);
    QVERIFY(chosen.isValid());
    QCOMPARE(chosen.data().toString(), QStringLiteral("c"));
    QCOMPARE(chosen.row(), 0);
}

void TestExplorerModel::saysOnlyWhatChanged()
{
    ExplorerModel model;
    ExplorerRows rows;
    rows[0] = rowsNamed(QStringLiteral("abc"));
    model.setRows(rows);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.setRows(rows);
    QCOMPARE(changed.size(), 0);
    rows[0][1].badge = QStringLiteral("3 / 10");
    model.setRows(rows);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().at(0).toModelIndex().row(), 1);
    QCOMPARE(inserted.size(), 0);
}

void TestExplorerModel::sectionsCountTheirRows()
{
    ExplorerModel model;
    ExplorerRows rows;
    rows[2] = rowsNamed(QStringLiteral("ab"));
    model.setRows(rows);
    const QModelIndex stores = model.sectionIndex(Section::Stores);
    QCOMPARE(stores.data(ExplorerModel::BadgeRole).toString(), QStringLiteral("2"));
    QCOMPARE(stores.data(Qt::AccessibleTextRole).toString(), QStringLiteral("Stores: 2"));
    QVERIFY(!model.find(Section::Stores, QStringLiteral("z")).isValid());
}

QTEST_MAIN(TestExplorerModel)
#include "tst_explorer_model.moc"

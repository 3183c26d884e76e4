#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <utility>

#include "ui/stores/store_jobs.h"

using namespace coldframe;
using namespace coldframe::ui;

namespace {

constexpr int kPatienceMs = 60'000;

QString written(const QTemporaryDir& folder, const QString& name, const QByteArray& bytes)
{
    QFile file(folder.filePath(name));
    if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
    return file.fileName();
}

} // namespace

/// Files on their way into a store that others write to, and copies that are cancelled.
class TestStoreJobs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatCameMeanwhileIsNeverReplaced();
    void aCopyAfterACancelledOneIsItsOwn();

private:
    QByteArray read(const QString& key) const
    {
        QFile file(m_store.filePath(key));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("not there");
    }
    QTemporaryDir m_store, m_elsewhere;
};

/// A function wrote it between the look at the store and the end of the copy.
void TestStoreJobs::whatCameMeanwhileIsNeverReplaced()
{
    written(m_store, QStringLiteral("there"), "old");
    const QList<QUrl> files{
        QUrl::fromLocalFile(written(m_elsewhere, QStringLiteral("there"), "new")),
        QUrl::fromLocalFile(written(m_elsewhere, QStringLiteral("late"), "new"))};
    StoreJobs jobs;
    QSignalSpy finished(&jobs, &StoreJobs::finished);
    connect(&jobs, &StoreJobs::planned, this, [&](const QString& folder, const AddPlan& plan) {
        QCOMPARE(plan.there, 1);
        written(m_store, QStringLiteral("late"), "of a function");
        jobs.add(folder, plan.files, true);
    });
    jobs.plan(m_store.path(), files);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatienceMs);
    const auto result = finished.front().front().value<StoreJobResult>();
    QCOMPARE(read(QStringLiteral("late")), QByteArray("of a function"));
    QCOMPARE(read(QStringLiteral("there")), QByteArray("new"));
    QCOMPARE(result.done, 1);
    QCOMPARE(result.problems.size(), 1);
    QVERIFY(result.problems.front().startsWith(QStringLiteral("“late” was written by another")));
}

/// The cancelled one may be between two looks at its flag when the next is asked for.
void TestStoreJobs::aCopyAfterACancelledOneIsItsOwn()
{
    QFile file(m_elsewhere.filePath(QStringLiteral("huge.bin")));
    QVERIFY(file.open(QFile::WriteOnly) && file.resize(qint64(2) << 30)); // takes no room itself
    file.close();
    const QString small = written(m_elsewhere, QStringLiteral("small"), "x");
    StoreJobs jobs;
    QSignalSpy finished(&jobs, &StoreJobs::finished);
    bool again = false;
    connect(&jobs, &StoreJobs::progressed, this, [&] {
        if (std::exchange(again, true))
            return;
        jobs.cancel();
        jobs.add(m_store.path(), {{small, "small", 1, false}}, false);
    });
    jobs.add(m_store.path(), {{file.fileName(), "huge.bin", 2ULL << 30, false}}, false);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 2, kPatienceMs);
    QVERIFY(finished[0].front().value<StoreJobResult>().cancelled);
    QVERIFY(!finished[1].front().value<StoreJobResult>().cancelled);
    QCOMPARE(read(QStringLiteral("small")), QByteArray("x"));
    QVERIFY(!QFile::exists(m_store.filePath(QStringLiteral("huge.bin"))));
}

QTEST_MAIN(TestStoreJobs)
#include "tst_store_jobs.moc"

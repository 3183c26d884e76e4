#pragma once

#include <QList>
#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <QUrl>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace coldframe::ui {

/// A file that is to become an object.
struct FileToAdd {
    QString file;
    std::string key;
    std::uint64_t bytes = 0;
};

/// What came of adding or deleting, or why there is nothing to add.
struct StoreJobResult {
    int done = 0; ///< objects added or deleted
    int skipped = 0; ///< left as they were: replacing was not wanted
    bool cancelled = false;
    QStringList problems; ///< one an object that could not be
};

/// Copies files into a store's folder and deletes objects from it, one job after the other on a
/// thread of its own. An object is seen once all of it is there, so a trigger fires once for it.
class StoreJobs : public QObject {
    Q_OBJECT
public:
    static constexpr int kMostFiles = 100'000; ///< taken at once

    explicit StoreJobs(QObject* parent = nullptr);
    ~StoreJobs() override; ///< cancels; what is half copied is never seen

    enum class Gone { ToTrash, ForGood };
    /// Finds the files these stand for, folders with all that is in them; told by planned().
    void plan(const QString& folder, const QList<QUrl>& urls);
    void add(const QString& folder, const std::vector<FileToAdd>& files, bool replace);
    void remove(const QString& folder, const std::vector<std::string>& keys, Gone gone);
    void cancel() { m_cancelled = true; }

Q_SIGNALS:
    /// `there`: how many of the keys are taken.
    void planned(const QString& folder, const std::vector<coldframe::ui::FileToAdd>& files,
                 int there);
    /// At most every tenth of a second; bytes of all files together.
    void progressed(const QString& key, quint64 done, quint64 total);
    void finished(const coldframe::ui::StoreJobResult& result);

private:
    template <typename Work> void run(Work work);
    void copyAll(const QString& folder, const std::vector<FileToAdd>& files, bool replace);

    QThreadPool m_pool;
    std::atomic_bool m_cancelled = false;
};

} // namespace coldframe::ui

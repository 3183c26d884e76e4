#pragma once

#include <QList>
#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <QUrl>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace coldframe::ui {

/// A file that is to become an object.
struct FileToAdd {
    QString file;
    std::string key;
    std::uint64_t bytes = 0;
    bool there = false; ///< the store had an object of this key when it was looked at
};

/// What would be added, and what of that which was asked for would not.
struct AddPlan {
    std::vector<FileToAdd> files; ///< each with a key of its own
    int there = 0; ///< how many of the keys are taken
    QStringList refused; ///< a sentence each
};

/// What came of adding or deleting.
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
    void plan(const QString& folder, const QList<QUrl>& urls, int mostFiles = kMostFiles);
    /// `replace`: those that were there. What came since is its writer's and always stays.
    void add(const QString& folder, const std::vector<FileToAdd>& files, bool replace);
    void remove(const QString& folder, const std::vector<std::string>& keys, Gone gone);
    /// All copies asked for until now, and none that is asked for later.
    void cancel();

Q_SIGNALS:
    void planned(const QString& folder, const coldframe::ui::AddPlan& plan);
    /// At most every tenth of a second; bytes of all files together.
    void progressed(const QString& key, quint64 done, quint64 total);
    void finished(const coldframe::ui::StoreJobResult& result);

private:
    template <typename Work> void run(Work work);
    void copyAll(const QString& folder, const std::vector<FileToAdd>& files, bool replace,
                 const std::atomic_bool& cancelled);

    QThreadPool m_pool;
    std::shared_ptr<std::atomic_bool> m_cancelled = std::make_shared<std::atomic_bool>(false);
};

} // namespace coldframe::ui

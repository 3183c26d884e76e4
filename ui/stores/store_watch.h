#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/time.h"

namespace coldframe::sources {
class FolderWatcher;
struct FileChange;
} // namespace coldframe::sources

namespace coldframe::ui {

/// One object of a store, as the browser lists it.
struct StoreObject {
    std::string key; ///< bytes as on disk
    std::uint64_t bytes = 0;
    TimePoint modified{};
    bool outside = false; ///< a symbolic link out of the store: listed, never followed
    bool operator==(const StoreObject&) const = default;
};

/// All objects of a store, ready to be shown: making it of ten thousand would hold a window up.
struct StoreListing {
    struct Entry {
        StoreObject object;
        QString shown; ///< the key, with what cannot be seen made visible
        qint64 newUntil = 0; ///< ms since the epoch; of one that came while it was looked at
    };
    std::unordered_map<std::string, Entry> all; ///< its entries stay where they are
    std::vector<const Entry*> byKey;
    std::uint64_t bytes = 0;
};
StoreListing listingOf(const std::vector<StoreObject>& objects);

/// A key as people see it: control characters as pictures, bytes that are no text as U+FFFD.
QString shownKey(const std::string& key);

struct StoreChange {
    StoreObject object; ///< of one that is gone, its key
    bool removed = false;
};

/// Follows what lies in a store's folder. The kernel tells of changes; listing and looking at files
/// happen on a thread of its own. Hidden files are left out, as the explorer's count leaves them
/// out, and files that are still being written until they are complete.
class StoreWatch : public QObject {
    Q_OBJECT
public:
    explicit StoreWatch(QObject* parent = nullptr);
    ~StoreWatch() override;

    /// Lists this folder and follows it from then on; empty: follows none.
    void open(const QString& folder);

Q_SIGNALS:
    /// All objects, once for each open(). To be taken out of it.
    void listed(const std::shared_ptr<coldframe::ui::StoreListing>& listing);
    /// What has become of them since, at most ten times a second.
    void changed(const std::vector<coldframe::ui::StoreChange>& changes);
    /// What is wrong with the folder and what to do; empty once nothing is.
    void problem(const QString& text);

private:
    void begin(const QString& folder, quint64 number);
    void drain();
    void release(std::shared_ptr<sources::FolderWatcher> watcher);

    QThreadPool m_pool; ///< of one thread, so that changes keep their order
    QTimer m_drainSoon;
    QString m_folder;
    quint64 m_number = 0; ///< of the last open(): answers to those before are dropped
    std::shared_ptr<sources::FolderWatcher> m_watcher;
};

} // namespace coldframe::ui

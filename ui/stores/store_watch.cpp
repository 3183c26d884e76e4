#include "ui/stores/store_watch.h"

#include <QCoreApplication>

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "sources/folder_watcher.h"
#include "stores/object_key.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr int kDrainMs = 100;

bool isHidden(const std::string& key)
{
    return key[key.rfind('/') + 1] == '.'; // npos + 1 is the beginning
}

/// A link that leads out of `root`, or to nothing.
bool leadsOut(const std::filesystem::path& root, const std::string& key)
{
    struct stat status { };
    const std::filesystem::path path = root / key;
    if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode))
        return false;
    std::error_code none;
    const std::string target = std::filesystem::canonical(path, none).string();
    return !target.starts_with(std::filesystem::canonical(root, none).string() + '/');
}

StoreObject objectOf(const std::filesystem::path& root, const sources::FileChange& file)
{
    const bool there = file.kind == sources::FileChange::Kind::Created;
    return {file.key, file.size, TimePoint(std::chrono::nanoseconds(file.mtimeNs)),
            there && leadsOut(root, file.key)};
}

QString wordsOf(const sources::FolderStatus& status)
{
    return text(status.hint.empty() ? status.message : status.message + "; " + status.hint);
}

} // namespace

QString shownKey(const std::string& key)
{
    QString shown = QString::fromStdString(key);
    for (QChar& c : shown)
        if (c.unicode() < 0x20)
            c = QChar(0x2400 + c.unicode());
    return shown;
}

StoreListing listingOf(const std::vector<StoreObject>& objects)
{
    StoreListing listing;
    listing.all.reserve(objects.size());
    for (const StoreObject& object : objects) {
        const auto [at, isNew] = listing.all.try_emplace(
            object.key, StoreListing::Entry{object, shownKey(object.key), 0});
        if (!isNew)
            continue;
        listing.byKey.push_back(&at->second);
        listing.bytes += object.bytes;
    }
    std::ranges::sort(listing.byKey, {},
                      [](const auto* entry) -> const std::string& { return entry->object.key; });
    return listing;
}

StoreWatch::StoreWatch(QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
    m_drainSoon.setSingleShot(true);
    m_drainSoon.setInterval(kDrainMs);
    connect(&m_drainSoon, &QTimer::timeout, this, &StoreWatch::drain);
}

StoreWatch::~StoreWatch()
{
    m_watcher.reset();
    m_pool.waitForDone();
    // A watcher on its way here in an event calls this object until the event is gone.
    QCoreApplication::removePostedEvents(this);
}

void StoreWatch::open(const QString& folder)
{
    const quint64 number = ++m_number;
    m_drainSoon.stop();
    release(std::exchange(m_watcher, nullptr));
    m_folder = folder;
    if (!folder.isEmpty())
        m_pool.start([this, folder, number] { begin(folder, number); });
}

/// Its end waits for its thread, which the window must not.
void StoreWatch::release(std::shared_ptr<sources::FolderWatcher> watcher)
{
    if (watcher)
        m_pool.start([held = std::move(watcher)]() mutable { held.reset(); });
}

void StoreWatch::begin(const QString& folder, quint64 number)
{
    sources::FolderWatcher::Options options;
    options.ignore.clear();
    options.ignore.push_back(std::string(stores::kTemporaryPrefix) + '*');
    options.wake = [this, number] {
        QMetaObject::invokeMethod(
            this,
            [this, number] {
                if (number == m_number && !m_drainSoon.isActive())
                    m_drainSoon.start();
            },
            Qt::QueuedConnection);
    };
    const std::filesystem::path root = folder.toStdString();
    auto started = sources::FolderWatcher::start(root, std::move(options));
    if (!started) {
        QMetaObject::invokeMethod(this, [this, number, why = text(describe(started.error()))] {
            if (number == m_number)
                Q_EMIT problem(why);
        });
        return;
    }
    std::shared_ptr<sources::FolderWatcher> watcher = std::move(*started);
    std::vector<StoreObject> objects;
    for (const sources::FileChange& file : watcher->present())
        if (!isHidden(file.key))
            objects.push_back(objectOf(root, file));
    QMetaObject::invokeMethod(
        this,
        [this, number, watcher = std::move(watcher),
         listing = std::make_shared<StoreListing>(listingOf(objects))]() mutable {
            if (number != m_number)
                return release(std::move(watcher));
            m_watcher = std::move(watcher);
            Q_EMIT listed(listing);
            Q_EMIT problem(wordsOf(m_watcher->status()));
            m_drainSoon.start(); // what changed since, and nobody was there to be told
        },
        Qt::QueuedConnection);
}

void StoreWatch::drain()
{
    if (!m_watcher)
        return;
    m_pool.start([this, watcher = m_watcher, number = m_number,
                  root = std::filesystem::path(m_folder.toStdString())] {
        std::vector<StoreChange> changes;
        for (const sources::FileChange& file : watcher->drain())
            if (!isHidden(file.key))
                changes.push_back(
                    {objectOf(root, file), file.kind == sources::FileChange::Kind::Removed});
        QMetaObject::invokeMethod(
            this,
            [this, number, changes = std::move(changes), said = wordsOf(watcher->status())] {
                if (number != m_number)
                    return;
                if (!changes.empty())
                    Q_EMIT changed(changes);
                Q_EMIT problem(said);
            },
            Qt::QueuedConnection);
    });
}

} // namespace coldframe::ui

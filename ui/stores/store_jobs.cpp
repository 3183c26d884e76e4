#include "ui/stores/store_jobs.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <map>

#include "stores/folder_store.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr qint64 kPiece = 1 << 20; ///< bytes copied between two looks at "cancel"
constexpr int kTellMs = 100;

FileToAdd fileToAdd(const QString& file, const QString& key)
{
    return {file, key.toStdString(), static_cast<std::uint64_t>(QFileInfo(file).size())};
}

/// Gathers files, as many as are taken at once and of each key the first.
class Planning {
public:
    explicit Planning(int mostFiles) : m_most(static_cast<std::size_t>(mostFiles)) { }

    /// False when no more are taken.
    bool add(const QString& file, const QString& key)
    {
        if (m_plan.files.size() >= m_most) {
            m_cut = true;
            return false;
        }
        const auto [first, fresh] = m_byKey.emplace(key, file);
        if (fresh)
            m_plan.files.push_back(fileToAdd(file, key));
        else if (first->second != file)
            m_plan.refused << tr("%1 is not added: %2 would have the same key, “%3”. Rename it, or "
                                 "add the folder it lies in.")
                                  .arg(file, first->second, key);
        return true;
    }

    /// Links within a dropped folder are not followed: they may lead anywhere, and in circles.
    void addFolder(const QString& folder)
    {
        const QDir above = QFileInfo(folder).absoluteDir();
        QDirIterator inside(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                            QDirIterator::Subdirectories);
        while (inside.hasNext()) {
            const QString file = inside.next();
            if (!add(file, above.relativeFilePath(file)))
                return;
        }
    }

    AddPlan take(const QString& store)
    {
        for (FileToAdd& file : m_plan.files) {
            file.there = QFileInfo::exists(store + QLatin1Char('/') + text(file.key));
            m_plan.there += file.there ? 1 : 0;
        }
        if (m_cut)
            m_plan.refused.prepend(tr("Only %1 files are taken at once: there are more, and those "
                                      "are not added. Copy them into %2 instead.")
                                       .arg(countText(m_most), store));
        return std::move(m_plan);
    }

private:
    static QString tr(const char* source)
    {
        return QCoreApplication::translate("StoreJobs", source);
    }

    std::size_t m_most;
    AddPlan m_plan;
    std::map<QString, QString> m_byKey; ///< its file
    bool m_cut = false;
};

/// Qt would put what it cannot trash beside the program: the folders must be there before.
/// Source: specifications.freedesktop.org/trash-spec, 1.0: the home trash.
bool hasTrash()
{
    const QDir trash(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
                     + QStringLiteral("/Trash"));
    return trash.mkpath(QStringLiteral("files")) && trash.mkpath(QStringLiteral("info"));
}

/// The trash is the desktop's business and wants a path; none of it may lead out of the store.
/// Empty when it does.
QString pathInside(const QString& folder, const std::string& key)
{
    const QString root = QDir(folder).canonicalPath();
    const QFileInfo file(root + QLatin1Char('/') + text(key));
    const QString place = file.dir().canonicalPath();
    const bool inside = place == root || place.startsWith(root + QLatin1Char('/'));
    return !root.isEmpty() && inside ? place + QLatin1Char('/') + file.fileName() : QString();
}

} // namespace

StoreJobs::StoreJobs(QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

StoreJobs::~StoreJobs()
{
    cancel();
    m_pool.clear();
    m_pool.waitForDone();
}

/// `work` runs off the window's thread; what it returns is run on it.
template <typename Work> void StoreJobs::run(Work work)
{
    m_pool.start([this, work = std::move(work)]() mutable {
        QMetaObject::invokeMethod(this, work(), Qt::QueuedConnection);
    });
}

void StoreJobs::plan(const QString& folder, const QList<QUrl>& urls, int mostFiles)
{
    run([this, folder, urls, mostFiles] {
        Planning planning(mostFiles);
        for (const QUrl& url : urls) {
            const QFileInfo info(QDir::cleanPath(url.toLocalFile()));
            if (info.isDir())
                planning.addFolder(info.filePath());
            else if (url.isLocalFile())
                planning.add(info.filePath(), info.fileName());
        }
        return [this, folder, plan = planning.take(folder)] { Q_EMIT planned(folder, plan); };
    });
}

void StoreJobs::add(const QString& folder, const std::vector<FileToAdd>& files, bool replace)
{
    m_pool.start([this, folder, files, replace, cancelled = m_cancelled] {
        copyAll(folder, files, replace, *cancelled);
    });
}

void StoreJobs::cancel()
{
    *m_cancelled = true;
    m_cancelled = std::make_shared<std::atomic_bool>(false);
}

void StoreJobs::copyAll(const QString& folder, const std::vector<FileToAdd>& files, bool replace,
                        const std::atomic_bool& cancelled)
{
    StoreJobResult result;
    quint64 total = 0, done = 0;
    for (const FileToAdd& file : files)
        total += file.bytes;
    QElapsedTimer told;
    told.start();
    const auto tell = [&](const QString& key) {
        if (told.elapsed() < kTellMs)
            return;
        told.restart();
        QMetaObject::invokeMethod(
            this, [this, key, done, total] { Q_EMIT progressed(key, done, total); },
            Qt::QueuedConnection);
    };
    const auto copy = [&](const stores::FolderStore& store, const FileToAdd& file) -> Result<void> {
        QFile in(file.file);
        if (!in.open(QFile::ReadOnly))
            return tl::unexpected(Error{.code = Error::Code::Io,
                                        .message = in.errorString().toStdString(),
                                        .file = file.file.toStdString()});
        auto writer = store.begin(file.key);
        if (!writer)
            return tl::unexpected(writer.error());
        QByteArray piece;
        while (!cancelled && !(piece = in.read(kPiece)).isEmpty()) {
            auto written = writer->append({piece.constData(), std::size_t(piece.size())});
            if (!written)
                return written;
            done += quint64(piece.size());
            tell(text(file.key));
        }
        if (cancelled)
            return {}; // the writer takes along what it wrote
        if (in.error() != QFile::NoError)
            return tl::unexpected(Error{.code = Error::Code::Io,
                                        .message = in.errorString().toStdString(),
                                        .file = file.file.toStdString()});
        using IfThere = stores::ObjectWriter::IfThere;
        const auto seen
            = writer->commit(replace && file.there ? IfThere::Replace : IfThere::Refuse);
        if (seen)
            ++result.done;
        else if (file.there && seen.error().code == Error::Code::Duplicate)
            ++result.skipped;
        else if (seen.error().code == Error::Code::Duplicate)
            result.problems << QCoreApplication::translate(
                                   "StoreJobs",
                                   "“%1” was written by another while it was to be added, and "
                                   "stays as that one wrote it. Add it again to replace it.")
                                   .arg(text(file.key));
        else
            return tl::unexpected(seen.error());
        return {};
    };
    const auto store = stores::FolderStore::open(folder.toStdString());
    if (!store)
        result.problems << text(describe(store.error()));
    for (std::size_t i = 0; store && i < files.size() && !cancelled; ++i)
        if (const Result<void> copied = copy(*store, files[i]); !copied)
            result.problems << text(describe(copied.error()));
    result.cancelled = cancelled;
    QMetaObject::invokeMethod(
        this, [this, result] { Q_EMIT finished(result); }, Qt::QueuedConnection);
}

void StoreJobs::remove(const QString& folder, const std::vector<std::string>& keys, Gone gone)
{
    run([this, folder, keys, gone] {
        StoreJobResult result;
        const auto store = stores::FolderStore::open(folder.toStdString());
        if (!store)
            result.problems << text(describe(store.error()));
        for (std::size_t i = 0; store && i < keys.size(); ++i) {
            if (gone == Gone::ToTrash) {
                const QString file = pathInside(folder, keys[i]);
                if (!file.isEmpty() && hasTrash() && QFile::moveToTrash(file))
                    ++result.done;
                else
                    result.problems << QCoreApplication::translate(
                                           "StoreJobs",
                                           "“%1” cannot be moved to the trash of this desktop; it "
                                           "is still there. Delete it for good instead.")
                                           .arg(text(keys[i]));
            } else if (const auto removed = store->remove(keys[i]); removed) {
                ++result.done;
            } else {
                result.problems << text(describe(removed.error()));
            }
        }
        return [this, result] { Q_EMIT finished(result); };
    });
}

} // namespace coldframe::ui

#include "ui/stores/store_jobs.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

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

/// Links within a dropped folder are not followed: they may lead anywhere, and in circles.
void addFolder(const QString& folder, std::vector<FileToAdd>& files)
{
    const QDir above = QFileInfo(folder).absoluteDir();
    QDirIterator inside(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                        QDirIterator::Subdirectories);
    while (inside.hasNext() && files.size() < StoreJobs::kMostFiles) {
        const QString file = inside.next();
        files.push_back(fileToAdd(file, above.relativeFilePath(file)));
    }
}

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
    m_cancelled = true;
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

void StoreJobs::plan(const QString& folder, const QList<QUrl>& urls)
{
    run([this, folder, urls] {
        std::vector<FileToAdd> files;
        int there = 0;
        for (const QUrl& url : urls) {
            const QFileInfo info(QDir::cleanPath(url.toLocalFile()));
            if (info.isDir())
                addFolder(info.filePath(), files);
            else if (url.isLocalFile())
                files.push_back(fileToAdd(info.filePath(), info.fileName()));
        }
        for (const FileToAdd& file : files)
            there += QFileInfo::exists(folder + QLatin1Char('/') + text(file.key)) ? 1 : 0;
        return [this, folder, files = std::move(files), there] {
            Q_EMIT planned(folder, files, there);
        };
    });
}

void StoreJobs::add(const QString& folder, const std::vector<FileToAdd>& files, bool replace)
{
    m_cancelled = false;
    m_pool.start([this, folder, files, replace] { copyAll(folder, files, replace); });
}

void StoreJobs::copyAll(const QString& folder, const std::vector<FileToAdd>& files, bool replace)
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
        while (!m_cancelled && !(piece = in.read(kPiece)).isEmpty()) {
            auto written = writer->append({piece.constData(), std::size_t(piece.size())});
            if (!written)
                return written;
            done += quint64(piece.size());
            tell(text(file.key));
        }
        if (m_cancelled)
            return {}; // the writer takes along what it wrote
        if (in.error() != QFile::NoError)
            return tl::unexpected(Error{.code = Error::Code::Io,
                                        .message = in.errorString().toStdString(),
                                        .file = file.file.toStdString()});
        using IfThere = stores::ObjectWriter::IfThere;
        const auto seen = writer->commit(replace ? IfThere::Replace : IfThere::Refuse);
        if (seen)
            ++result.done;
        else if (!replace && seen.error().code == Error::Code::Duplicate)
            ++result.skipped;
        else
            return tl::unexpected(seen.error());
        return {};
    };
    const auto store = stores::FolderStore::open(folder.toStdString());
    if (!store)
        result.problems << text(describe(store.error()));
    for (std::size_t i = 0; store && i < files.size() && !m_cancelled; ++i)
        if (const Result<void> copied = copy(*store, files[i]); !copied)
            result.problems << text(describe(copied.error()));
    result.cancelled = m_cancelled;
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

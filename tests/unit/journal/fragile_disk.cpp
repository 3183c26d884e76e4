#include "fragile_disk.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <stdexcept>
#include <utility>

namespace coldframe::journal {

namespace {

constexpr std::size_t kSector = 512;

std::string contentOf(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put(std::string& image, std::size_t at, std::string_view bytes)
{
    if (image.size() < at + bytes.size())
        image.resize(at + bytes.size(), '\0');
    image.replace(at, bytes.size(), bytes);
}

} // namespace

FragileDisk::FragileDisk(std::uint64_t seed) : m_random(seed)
{
    sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
    static_cast<sqlite3_vfs&>(m_vfs) = *real; // names and times are the system's
    m_vfs.zName = "fragile";
    m_vfs.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    m_vfs.xOpen = &openFile;
    m_vfs.xDelete = &deleteFile;
    m_vfs.disk = this;
    m_vfs.real = real;
    sqlite3_vfs_register(&m_vfs, 1);
}

FragileDisk::~FragileDisk()
{
    assert(m_openFiles == 0);
    sqlite3_vfs_unregister(&m_vfs);
    sqlite3_vfs_register(m_vfs.real, 1);
}

void FragileDisk::cutPower(std::uint64_t operation)
{
    const std::scoped_lock lock(m_mutex);
    m_cutAt = m_operations + operation;
    m_off = m_off || operation == 0;
}

bool FragileDisk::isOff() const
{
    const std::scoped_lock lock(m_mutex);
    return m_off;
}

void FragileDisk::failSync(std::uint64_t number)
{
    const std::scoped_lock lock(m_mutex);
    m_failAt = m_syncs + number;
}

std::uint64_t FragileDisk::operations() const
{
    const std::scoped_lock lock(m_mutex);
    return m_operations;
}

bool FragileDisk::powered()
{
    if (m_off)
        return false;
    m_off = ++m_operations >= m_cutAt;
    return !m_off;
}

bool FragileDisk::happens(double chance)
{
    return static_cast<double>(m_random() >> 11) * 0x1p-53 < chance;
}

void FragileDisk::syncNames()
{
    for (auto& [path, states] : m_names)
        states.erase(states.begin(), states.end() - 1);
}

int FragileDisk::forget(Inode& inode)
{
    for (const Change& change : inode.since)
        keepPart(inode.durable, change, 0.5, false);
    inode.since.clear();
    return SQLITE_IOERR_FSYNC;
}

void FragileDisk::keepPart(std::string& image, const Change& change, double chance, bool garbage)
{
    const auto at = static_cast<std::size_t>(change.at);
    if (change.truncates) {
        if (happens(chance))
            image.resize(at, '\0');
        return;
    }
    if (chance >= 1.0)
        return put(image, at, change.bytes);
    for (std::size_t from = 0; from < change.bytes.size();) {
        const std::size_t length
            = std::min(kSector - (at + from) % kSector, change.bytes.size() - from);
        if (happens(chance))
            put(image, at + from, std::string_view(change.bytes).substr(from, length));
        else if (garbage && at + from >= image.size()) // the file grew, its data never came
            put(image, at + from, std::string(length, static_cast<char>(m_random())));
        from += length;
    }
}

std::string FragileDisk::survivor(const Inode& inode)
{
    constexpr std::array kChances{0.0, 0.1, 0.5, 0.9, 0.99, 1.0};
    std::string image = inode.durable;
    const double chance = kChances.at(m_random() % kChances.size());
    const bool garbage = happens(0.3);
    const std::size_t reached // all up to there, the rest by chance
        = happens(0.5) ? m_random() % (inode.since.size() + 1) : 0;
    for (std::size_t i = 0; i < inode.since.size(); ++i)
        keepPart(image, inode.since[i], i < reached ? 1.0 : chance, garbage);
    return image;
}

void FragileDisk::restore()
{
    const std::scoped_lock lock(m_mutex);
    if (m_openFiles > 0)
        throw std::logic_error("files are open that a loss of power would have closed");
    std::map<Inode*, std::string> images;
    for (auto& [path, states] : m_names) {
        const InodePtr inode = states[m_random() % states.size()];
        std::filesystem::remove(path);
        std::filesystem::remove(path + "-shm"); // memory
        states = {inode};
        if (!inode)
            continue;
        if (const auto [it, fresh] = images.try_emplace(inode.get()); fresh)
            it->second = survivor(*inode);
        std::ofstream(path, std::ios::binary) << images[inode.get()];
    }
    for (const auto& [path, states] : m_names)
        if (states.back())
            *states.back() = {images[states.back().get()], {}};
    m_off = false;
    m_cutAt = ~std::uint64_t{0};
    m_failAt = 0;
}

int FragileDisk::openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                          int* flagsOut)
{
    auto* const self = static_cast<Vfs*>(vfs);
    File& opened = *new (file) File{};
    opened.disk = self->disk;
    opened.real = reinterpret_cast<sqlite3_file*>(&opened + 1);
    const std::scoped_lock lock(self->disk->m_mutex);
    return self->disk->open(name, opened, flags, flagsOut);
}

int FragileDisk::open(const char* name, File& file, int flags, int* flagsOut)
{
    constexpr int kSynced = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    if (m_off)
        return SQLITE_CANTOPEN;
    const bool tracked = name && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0;
    const bool there = tracked && std::filesystem::exists(name);
    if (m_readOnly && (flags & SQLITE_OPEN_MAIN_DB) != 0)
        flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    const int code = m_vfs.real->xOpen(m_vfs.real, name, file.real, flags, flagsOut);
    if (code != SQLITE_OK)
        return code;
    ++m_openFiles;
    file.pMethods = &methods();
    if (!tracked)
        return SQLITE_OK;
    auto& states = m_names[name];
    if (states.empty())
        states = {there ? std::make_shared<Inode>(Inode{contentOf(name), {}}) : nullptr};
    if (!there)
        states.push_back(std::make_shared<Inode>());
    file.inode = states.back();
    file.syncsNames = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & kSynced) != 0;
    return SQLITE_OK;
}

int FragileDisk::deleteFile(sqlite3_vfs* vfs, const char* name, int syncsFolder)
{
    FragileDisk& disk = *static_cast<Vfs*>(vfs)->disk;
    const std::scoped_lock lock(disk.m_mutex);
    if (!disk.powered())
        return SQLITE_IOERR_DELETE;
    const int code = disk.m_vfs.real->xDelete(disk.m_vfs.real, name, 0);
    const auto found = disk.m_names.find(name);
    if (code == SQLITE_OK && found != disk.m_names.end())
        found->second.push_back(nullptr);
    if (syncsFolder && !disk.m_lies)
        disk.syncNames();
    return code;
}

int FragileDisk::closeFile(sqlite3_file* file)
{
    File& closed = of(file);
    const std::scoped_lock lock(closed.disk->m_mutex);
    --closed.disk->m_openFiles;
    const int code = closed.real->pMethods->xClose(closed.real);
    closed.inode.reset();
    return code;
}

int FragileDisk::readFile(sqlite3_file* file, void* to, int bytes, sqlite3_int64 at)
{
    File& read = of(file);
    return read.disk->isOff() ? SQLITE_IOERR_READ
                              : read.real->pMethods->xRead(read.real, to, bytes, at);
}

int FragileDisk::writeFile(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 at)
{
    File& written = of(file);
    const std::scoped_lock lock(written.disk->m_mutex);
    if (written.disk->m_off)
        return SQLITE_IOERR_WRITE;
    if (written.inode) // also of the write in which the power goes, a part may be there
        written.inode->since.push_back(
            {at, {static_cast<const char*>(from), static_cast<std::size_t>(bytes)}});
    return written.disk->powered() ? written.real->pMethods->xWrite(written.real, from, bytes, at)
                                   : SQLITE_IOERR_WRITE;
}

int FragileDisk::truncateFile(sqlite3_file* file, sqlite3_int64 size)
{
    File& cut = of(file);
    const std::scoped_lock lock(cut.disk->m_mutex);
    if (!cut.disk->powered())
        return SQLITE_IOERR_TRUNCATE;
    if (cut.inode)
        cut.inode->since.push_back({.at = size, .bytes = {}, .truncates = true});
    return cut.real->pMethods->xTruncate(cut.real, size);
}

int FragileDisk::syncFile(sqlite3_file* file, int)
{
    File& synced = of(file);
    FragileDisk& disk = *synced.disk;
    const std::scoped_lock lock(disk.m_mutex);
    if (!disk.powered())
        return SQLITE_IOERR_FSYNC;
    if (!synced.inode || disk.m_lies)
        return SQLITE_OK;
    Inode& inode = *synced.inode;
    if (++disk.m_syncs == disk.m_failAt)
        return disk.forget(inode);
    for (const Change& change : inode.since)
        disk.keepPart(inode.durable, change, 1.0, false);
    inode.since.clear();
    if (std::exchange(synced.syncsNames, false))
        disk.syncNames();
    return SQLITE_OK;
}

const sqlite3_io_methods& FragileDisk::methods()
{
    static const sqlite3_io_methods all = [] {
        sqlite3_io_methods made{};
        made.iVersion = 2; // without memory mapping, which writes unseen
        made.xClose = &closeFile;
        made.xRead = &readFile;
        made.xWrite = &writeFile;
        made.xTruncate = &truncateFile;
        made.xSync = &syncFile;
        // The rest is the system's.
        made.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
            return of(f).real->pMethods->xFileSize(of(f).real, size);
        };
        made.xLock
            = [](sqlite3_file* f, int how) { return of(f).real->pMethods->xLock(of(f).real, how); };
        made.xUnlock = [](sqlite3_file* f, int how) {
            return of(f).real->pMethods->xUnlock(of(f).real, how);
        };
        made.xCheckReservedLock = [](sqlite3_file* f, int* held) {
            return of(f).real->pMethods->xCheckReservedLock(of(f).real, held);
        };
        made.xFileControl = [](sqlite3_file* f, int what, void* argument) {
            return of(f).real->pMethods->xFileControl(of(f).real, what, argument);
        };
        made.xSectorSize
            = [](sqlite3_file* f) { return of(f).real->pMethods->xSectorSize(of(f).real); };
        made.xDeviceCharacteristics = [](sqlite3_file* f) {
            return of(f).real->pMethods->xDeviceCharacteristics(of(f).real);
        };
        made.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** to) {
            return of(f).real->pMethods->xShmMap(of(f).real, page, size, extend, to);
        };
        made.xShmLock = [](sqlite3_file* f, int from, int count, int flags) {
            return of(f).real->pMethods->xShmLock(of(f).real, from, count, flags);
        };
        made.xShmBarrier = [](sqlite3_file* f) { of(f).real->pMethods->xShmBarrier(of(f).real); };
        made.xShmUnmap = [](sqlite3_file* f, int removes) {
            return of(f).real->pMethods->xShmUnmap(of(f).real, removes);
        };
        return made;
    }();
    return all;
}

} // namespace coldframe::journal

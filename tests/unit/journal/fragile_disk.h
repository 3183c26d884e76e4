#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

namespace coldframe::journal {

/// SQLite's default file system (a VFS around the system's own) as long as this lives, on a disk
/// whose power can be cut. Files are the system's, as its page cache shows them; beside them it is
/// kept which writes, truncations and names were synced. What was not is lost, kept, or kept in
/// part when the power comes back: any sectors of it, in effect in any order.
/// Functions may be called from any thread, restore() while no file is open.
class FragileDisk {
public:
    explicit FragileDisk(std::uint64_t seed);
    ~FragileDisk();
    FragileDisk(const FragileDisk&) = delete;
    FragileDisk& operator=(const FragileDisk&) = delete;

    /// In the middle of the n-th operation from now that changes something or syncs; 0: now.
    void cutPower(std::uint64_t operation);
    bool isOff() const;
    /// Makes the files those that a computer finds that is started again, and turns it on.
    void restore();

    /// The n-th sync from now fails, and what it was to sync may never reach the disk, as with
    /// Linux, which forgets after the error that the pages were not written.
    void failSync(std::uint64_t number);
    /// Databases cannot be opened for writing: then SQLite opens them for reading, as it does with
    /// the system's files.
    void forbidWriting(bool forbidden) { m_readOnly = forbidden; }
    /// From now on syncs do nothing and say they did.
    void lie() { m_lies = true; }
    std::uint64_t operations() const;

private:
    struct Change {
        sqlite3_int64 at = 0;
        std::string bytes;
        bool truncates = false;
    };
    struct Inode {
        std::string durable;
        std::vector<Change> since; ///< not synced, in order
    };
    using InodePtr = std::shared_ptr<Inode>;
    struct File : sqlite3_file {
        FragileDisk* disk;
        InodePtr inode; ///< null: a temporary file, nobody's loss
        bool syncsNames; ///< its first sync makes the folder's names durable, too
        sqlite3_file* real; ///< behind this
    };
    struct Vfs : sqlite3_vfs {
        FragileDisk* disk;
        sqlite3_vfs* real;
    };

    static File& of(sqlite3_file* file) { return *static_cast<File*>(file); }
    static const sqlite3_io_methods& methods();
    static int openFile(sqlite3_vfs*, const char*, sqlite3_file*, int flags, int* flagsOut);
    static int deleteFile(sqlite3_vfs*, const char*, int syncsFolder);
    static int closeFile(sqlite3_file*);
    static int readFile(sqlite3_file*, void*, int, sqlite3_int64);
    static int writeFile(sqlite3_file*, const void*, int, sqlite3_int64);
    static int truncateFile(sqlite3_file*, sqlite3_int64);
    static int syncFile(sqlite3_file*, int);

    int open(const char* name, File& file, int flags, int* flagsOut);
    bool powered(); ///< counts an operation; false when the power is off, or goes off in it
    void syncNames();
    int forget(Inode& inode); ///< a sync that fails
    std::string survivor(const Inode& inode);
    void keepPart(std::string& image, const Change& change, double chance, bool garbage);
    bool happens(double chance);

    Vfs m_vfs{};
    mutable std::mutex m_mutex; ///< of all below
    std::mt19937_64 m_random;
    /// By path: what the name led to when names were last synced, and since. Null: to nothing.
    std::map<std::string, std::vector<InodePtr>> m_names;
    std::uint64_t m_operations = 0, m_cutAt = ~std::uint64_t{0};
    std::uint64_t m_syncs = 0, m_failAt = 0;
    int m_openFiles = 0;
    bool m_off = false, m_lies = false, m_readOnly = false;
};

} // namespace coldframe::journal

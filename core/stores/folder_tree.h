#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <system_error>

#include "stores/file_handle.h"

namespace coldframe::stores {

/// A file met on a walk. Valid during the call only.
struct TreeFile {
    int folder; ///< open descriptor of the folder it lies in
    const char* name;
    const std::string& key; ///< path below the root, '/' between parts
};

/// Calls `visit` for every file (and symbolic link) below `root`, in no particular order, until it
/// returns false. Symbolic links to folders are not followed; folders that cannot be opened are
/// left out. Returns false and sets errno when the root itself cannot be read.
bool walkFiles(int root, const std::function<bool(const TreeFile&)>& visit);

enum class Entering { Enter, Skip, Stop };

/// What a walk meets.
class TreeVisitor {
public:
    virtual ~TreeVisitor() = default;
    /// A file, or a symbolic link to one. False ends the walk.
    virtual bool file(const TreeFile& file) = 0;
    /// A folder, whose `key` ends with a slash.
    virtual Entering folder(const TreeFile& folder) = 0;
};

/// Like walkFiles(), in the order of the bytes of the keys.
bool walkInOrder(int root, TreeVisitor& visitor);

enum class Missing {
    Stays,
    Made,
    MadeForGood, ///< and survives a loss of power
};
/// The folder that holds `key` below `root`, never through a symbolic link. An empty handle sets
/// errno (a link on the way: ELOOP or ENOTDIR).
FileHandle openParent(int root, const std::string& key, Missing missing);

/// Makes the folder and its parents where they are missing.
std::error_code makeFolders(const std::filesystem::path& folder, bool forGood);

/// The part of a key after its last slash.
const char* nameOf(const std::string& key);

} // namespace coldframe::stores

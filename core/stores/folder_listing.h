#pragma once

#include <string>
#include <vector>

#include "stores/object.h"

namespace coldframe::stores {

/// Which part of a store is wanted.
struct ListQuery {
    std::string prefix; ///< keys begin with it
    std::string after; ///< keys, and common prefixes, behind this one only
    std::string delimiter; ///< keys that hold it behind the prefix are told as common prefixes
    std::size_t limit = 1000; ///< objects and common prefixes together
};

/// A part of a store, in the order of the bytes of the keys.
struct ListPage {
    std::vector<Object> objects;
    std::vector<std::string> prefixes; ///< each ends with the delimiter
    bool truncated = false; ///< there is more behind `last`
    std::string last; ///< the last key or common prefix of the page: `after` of the next one
};

/// Lists what lies below an open folder. Reads the folders it needs and no others; hidden files of
/// writers at work are left out. False sets errno: the folder itself cannot be read.
bool listFolder(int root, const ListQuery& query, ListPage& page);

} // namespace coldframe::stores

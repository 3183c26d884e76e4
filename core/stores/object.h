#pragma once

#include <cstdint>
#include <string>

#include "model/time.h"
#include "stores/file_handle.h"

namespace coldframe::stores {

/// What tells one content of a file from another without reading it.
struct ObjectStamp {
    std::uint64_t bytes = 0;
    TimePoint modified{};
    std::uint64_t inode = 0;

    bool operator==(const ObjectStamp&) const = default;
};

/// One object of a store.
struct Object {
    std::string key;
    std::uint64_t bytes = 0;
    TimePoint modified{};
    std::uint64_t inode = 0;

    ObjectStamp stamp() const { return {bytes, modified, inode}; }
};

/// An object open for reading; its bytes stay the same when it is replaced meanwhile.
struct OpenObject {
    FileHandle file;
    ObjectStamp stamp;
};

} // namespace coldframe::stores

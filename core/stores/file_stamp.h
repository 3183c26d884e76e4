#pragma once

#include <sys/stat.h>

#include "stores/object.h"

namespace coldframe::stores {

inline ObjectStamp stampOf(const struct stat& status)
{
    return {static_cast<std::uint64_t>(status.st_size),
            TimePoint(std::chrono::seconds(status.st_mtim.tv_sec)
                      + std::chrono::nanoseconds(status.st_mtim.tv_nsec)),
            static_cast<std::uint64_t>(status.st_ino)};
}

} // namespace coldframe::stores

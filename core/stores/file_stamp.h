#pragma once

#include <sys/stat.h>

#include "model/outside_time.h"
#include "stores/object.h"

namespace coldframe::stores {

inline ObjectStamp stampOf(const struct stat& status)
{
    return {static_cast<std::uint64_t>(status.st_size),
            TimePoint(Duration(nanosecondsOf(status.st_mtim))),
            static_cast<std::uint64_t>(status.st_ino)};
}

} // namespace coldframe::stores

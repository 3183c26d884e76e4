#include "study/free_memory.h"

#include <fstream>
#include <limits>
#include <string>

namespace coldframe::study {

std::uint64_t freeMemory()
{
    constexpr std::uint64_t kKilobyte = 1024;
    std::ifstream file("/proc/meminfo");
    std::string name;
    std::uint64_t value = 0;
    for (std::string unit; file >> name >> value; std::getline(file, unit))
        if (name == "MemAvailable:")
            return value * kKilobyte;
    return std::numeric_limits<std::uint64_t>::max();
}

} // namespace coldframe::study

#include "sources/ignore_patterns.h"

#include <fnmatch.h>

#include <algorithm>

namespace coldframe::sources {

std::vector<std::string> defaultIgnorePatterns()
{
    return {"*.tmp", ".*", "*~", "*.part", "*.crdownload", "*.swp"};
}

bool isIgnored(const std::string& name, const std::vector<std::string>& patterns)
{
    return std::ranges::any_of(patterns, [&](const std::string& pattern) {
        return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
    });
}

} // namespace coldframe::sources

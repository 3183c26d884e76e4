#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coldframe::sources {

/// Names of files that programs write before they give them their real name.
std::vector<std::string> defaultIgnorePatterns();

/// Whether a file or folder of this name is none of a watcher's business. Shell patterns (`*`,
/// `?`, `[…]`) on one part of a path, not on the whole.
bool isIgnored(const std::string& name, const std::vector<std::string>& patterns);

} // namespace coldframe::sources

#pragma once

#include <filesystem>
#include <vector>

namespace coldframe {

/// Files under `folder` that may hold handlers: .py, .js, .mjs, .cjs, .sh and `bootstrap`, sorted
/// by path. Leaves out hidden folders, node_modules, virtual environments and caches, and stops at
/// 2,000 files, 100,000 entries or 8 levels: enough for any folder people write by hand.
std::vector<std::filesystem::path> sourceFiles(const std::filesystem::path& folder);

} // namespace coldframe

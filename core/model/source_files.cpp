#include "model/source_files.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace coldframe {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 2'000;
constexpr int kDeepest = 8;
constexpr int kMostEntries = 100'000; ///< a whole home folder takes a second, not minutes

bool isForeign(const fs::path& folder)
{
    constexpr std::array<std::string_view, 7> foreign{
        "node_modules", "venv", "env", "__pycache__", "site-packages", "dist", "build"};
    const std::string name = folder.filename().string();
    std::error_code ignored;
    return name.starts_with('.') || std::ranges::find(foreign, name) != foreign.end()
        || fs::exists(folder / "pyvenv.cfg", ignored);
}

bool isSource(const fs::path& file)
{
    constexpr std::array<std::string_view, 5> endings{".py", ".js", ".mjs", ".cjs", ".sh"};
    return file.filename() == "bootstrap"
        || std::ranges::find(endings, file.extension().string()) != endings.end();
}

} // namespace

std::vector<fs::path> sourceFiles(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code problem;
    fs::recursive_directory_iterator entries(folder, fs::directory_options::skip_permission_denied,
                                             problem);
    for (int seen = 0; !problem && entries != fs::end(entries); ++seen) {
        if (seen >= kMostEntries || found.size() >= kMostFiles)
            break;
        std::error_code ignored;
        if (entries->is_directory(ignored)) {
            if (entries.depth() + 1 >= kDeepest || isForeign(entries->path()))
                entries.disable_recursion_pending();
        } else if (entries->is_regular_file(ignored) && isSource(entries->path())) {
            found.push_back(entries->path());
        }
        entries.increment(problem);
    }
    std::ranges::sort(found);
    return found;
}

} // namespace coldframe

#include "model/python_imports.h"

#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <set>

#include "model/source_lines.h"
#include "model/text_file.h"

namespace coldframe {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestSource = 1 << 20;
constexpr std::size_t kMostModules = 64; ///< that are followed from one handler

bool isRegularFile(const fs::path& path)
{
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

bool holdsPython(const fs::path& folder)
{
    std::error_code problem;
    int seen = 0;
    for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end && seen < 500;
         entry.increment(problem), ++seen)
        if (entry->path().extension() == ".py")
            return true;
    return false;
}

/// The file of a module below a folder: its own, its package's, or none where there is a folder
/// with sources and no __init__.py. Nothing when the folder does not have it.
std::optional<fs::path> moduleBelow(const fs::path& folder, const std::string& module)
{
    std::string relative = module;
    std::ranges::replace(relative, '.', '/');
    const fs::path path = folder / relative;
    if (isRegularFile(path.string() + ".py"))
        return path.string() + ".py";
    if (isRegularFile(path / "__init__.py"))
        return path / "__init__.py";
    return holdsPython(path) ? std::optional(fs::path()) : std::nullopt;
}

/// `folder` and those above it, up to `workspace`.
std::vector<fs::path> upwards(fs::path folder, const fs::path& workspace)
{
    std::vector<fs::path> folders{folder};
    while (folder != workspace && folder.has_relative_path()) {
        folder = folder.parent_path();
        folders.push_back(folder);
    }
    return folders;
}

/// Modules of Python's own whose names people give their functions' folders and files too: further
/// up than beside the importing file nobody means these.
bool isOfPython(const std::string& module)
{
    constexpr std::array<std::string_view, 32> names{
        "ast",      "base64",  "calendar", "code",       "collections", "copy",  "csv",
        "datetime", "decimal", "email",    "enum",       "hashlib",     "html",  "http",
        "io",       "json",    "logging",  "math",       "os",          "queue", "random",
        "re",       "secrets", "signal",   "statistics", "string",      "sys",   "test",
        "time",     "types",   "typing",   "uuid"};
    return std::ranges::find(names, module) != names.end();
}

/// Where one import of a file leads: the root it needs, and the file to look at next.
struct Target {
    fs::path root, file;
};

std::optional<Target> targetOf(const PythonImport& import, const fs::path& file,
                               const fs::path& workspace)
{
    const std::vector<fs::path> folders = upwards(file.parent_path(), workspace);
    if (import.dots > 0) {
        const auto level = static_cast<std::size_t>(import.dots);
        if (level >= folders.size())
            return std::nullopt; // the package would begin above the workspace
        const auto next = moduleBelow(folders[level - 1], import.module);
        return Target{folders[level], next.value_or(fs::path())};
    }
    const std::string top = import.module.substr(0, import.module.find('.'));
    for (const fs::path& folder : folders) {
        if (folder != folders.front() && isOfPython(top))
            break;
        // A folder of that name may hold other things than the module, such as lib/ with .so files.
        if (const auto whole = moduleBelow(folder, import.module))
            return Target{folder, *whole};
        if (const auto package = moduleBelow(folder, top))
            return Target{folder, *package};
    }
    return std::nullopt;
}

} // namespace

std::vector<PythonImport> pythonImports(std::string_view source)
{
    static const std::regex from(R"(^\s*from\s+(\.*)\s*([\w.]*)\s+import\b\s*(\w*))");
    static const std::regex plain(R"(^\s*import\s+([\w.,\s]+))");
    static const std::regex name(R"((?:^|,)\s*([\w.]+)(?:\s+as\s+\w+)?)");
    std::vector<PythonImport> imports;
    eachMatch(source, from, [&](const std::cmatch& match, std::string_view) {
        const auto dots = static_cast<int>(match.length(1));
        // `from . import model` needs the module of that name.
        imports.push_back({dots, match.length(2) > 0 ? match[2].str() : match[3].str()});
    });
    eachMatch(source, plain, [&](const std::cmatch& match, std::string_view) {
        const std::string list = match[1].str();
        for (std::sregex_iterator one(list.begin(), list.end(), name), end; one != end; ++one)
            imports.push_back({0, (*one)[1].str()});
    });
    return imports;
}

fs::path pythonRoot(const fs::path& file, const fs::path& workspace)
{
    fs::path root = file.parent_path();
    std::set<fs::path> seen;
    std::vector<fs::path> waiting{file};
    while (!waiting.empty() && seen.size() < kMostModules) {
        const fs::path at = waiting.back();
        waiting.pop_back();
        if (!seen.insert(at).second)
            continue;
        const Result<std::string> source = readTextFile(at, kLargestSource);
        if (!source)
            continue;
        for (const PythonImport& import : pythonImports(*source)) {
            const auto target = targetOf(import, at, workspace);
            if (!target)
                continue;
            // Roots lie on one line, from the handler's folder upwards: the shorter one is above.
            if (target->root.native().size() < root.native().size())
                root = target->root;
            if (!target->file.empty())
                waiting.push_back(target->file);
        }
    }
    return root;
}

} // namespace coldframe

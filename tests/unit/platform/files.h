#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// Files the tests of platform files read.
namespace coldframe::tests {

inline const std::filesystem::path kSource = COLDFRAME_SOURCE_DIR;
inline const std::filesystem::path kPlatforms = kSource / "resources/platforms";
inline const std::filesystem::path kPrices = kSource / "resources/prices";
inline const std::filesystem::path kSchemas = kSource / "resources/schema";
inline const std::filesystem::path kLaterPlatforms = kSource / "tests/unit/platform/data";

inline std::string textOf(const std::filesystem::path& file)
{
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

inline std::vector<std::filesystem::path> jsonFilesIn(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

/// The text with one place changed; the text itself when `from` is not in it.
inline std::string changed(std::string text, const std::string& from, const std::string& to)
{
    const std::size_t at = text.find(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

} // namespace coldframe::tests

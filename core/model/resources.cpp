#include "model/resources.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace coldframe {

namespace fs = std::filesystem;

Result<fs::path> findResources(const fs::path& given)
{
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    const char* named = std::getenv("COLDFRAME_RESOURCES");
    std::string tried;
    for (const fs::path& folder :
         {given, fs::path(named ? named : ""), program / "../share/coldframe",
          fs::path(COLDFRAME_BUILT_RESOURCES)}) {
        if (folder.empty())
            continue;
        if (fs::is_directory(folder / "platforms", ignored))
            return fs::weakly_canonical(folder, ignored);
        tried += (tried.empty() ? "" : ", ") + folder.string();
    }
    return tl::unexpected(Error{.code = Error::Code::Missing,
                                .message = "Coldframe's own files (platforms, prices, runtime "
                                           "clients) were not found; looked in "
                                    + tried,
                                .hint = "install Coldframe again, or name the folder in the "
                                        "environment variable COLDFRAME_RESOURCES"});
}

fs::path platformFile(const fs::path& resources, const std::string& id)
{
    return resources / "platforms" / (id + ".json");
}

std::vector<std::string> platformIds(const fs::path& resources)
{
    std::vector<std::string> ids;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(resources / "platforms", ignored))
        if (entry.path().extension() == ".json")
            ids.push_back(entry.path().stem().string());
    std::ranges::sort(ids);
    return ids;
}

Result<std::string> readText(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (in)
        text << in.rdbuf();
    if (!in)
        return tl::unexpected(Error{.code = Error::Code::Io,
                                    .message = "cannot be read",
                                    .hint = "check that the file exists and may be read",
                                    .file = file.string()});
    return text.str();
}

} // namespace coldframe

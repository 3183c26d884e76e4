#include "session/trust.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include "session/plan.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

fs::path trustFile()
{
    if (const char* config = std::getenv("XDG_CONFIG_HOME"); config && *config)
        return fs::path(config) / "coldframe/trusted";
    const char* home = std::getenv("HOME");
    return fs::path(home && *home ? home : "/") / ".config/coldframe/trusted";
}

std::string nameOf(const fs::path& folder)
{
    std::error_code ignored;
    return fs::weakly_canonical(folder, ignored).string();
}

} // namespace

bool isTrusted(const fs::path& workspaceFolder)
{
    std::ifstream file(trustFile());
    const std::string wanted = nameOf(workspaceFolder);
    for (std::string line; std::getline(file, line);)
        if (line == wanted)
            return true;
    return false;
}

void rememberTrust(const fs::path& workspaceFolder)
{
    const std::string name = nameOf(workspaceFolder);
    // One line each: a name of two lines would vouch for a folder nobody meant.
    if (isTrusted(workspaceFolder) || name.find('\n') != std::string::npos)
        return;
    std::error_code ignored;
    fs::create_directories(trustFile().parent_path(), ignored);
    std::ofstream(trustFile(), std::ios::app) << name << '\n';
}

Error notTrusted()
{
    return {
        .code = Error::Code::Unavailable, .message = kNotTrusted, .hint = "press Trust and start"};
}

} // namespace coldframe::session

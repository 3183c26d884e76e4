#include "model/handler_file.h"

#include <algorithm>
#include <string>

namespace coldframe {

namespace fs = std::filesystem;

std::vector<fs::path> handlerFiles(const Function& function)
{
    const fs::path base = fs::path(function.handler).parent_path();
    std::string module = fs::path(function.handler).filename().string();
    if (function.runtime == Runtime::Node) {
        module.resize(std::min(module.find('.'), module.size()));
        const std::string file = (function.code / base / module).lexically_normal().string();
        return {file + ".js", file + ".mjs", file + ".cjs", file};
    }
    module.resize(std::min(module.rfind('.'), module.size()));
    std::ranges::replace(module, '.', '/');
    const fs::path file = (function.code / base / module).lexically_normal();
    return {file.string() + ".py", file / "__init__.py"};
}

std::optional<fs::path> sourceFile(const Function& function)
{
    std::vector<fs::path> candidates;
    if (function.runtime == Runtime::Python || function.runtime == Runtime::Node)
        candidates = handlerFiles(function);
    else if (function.command.empty())
        candidates = {function.code / "bootstrap"};
    else
        for (const std::string& word : function.command)
            if (!fs::path(word).is_absolute())
                candidates.push_back((function.code / word).lexically_normal());
    const auto found = std::ranges::find_if(candidates, [](const fs::path& path) {
        std::error_code ignored;
        return fs::is_regular_file(path, ignored);
    });
    return found == candidates.end() ? std::nullopt : std::optional(*found);
}

} // namespace coldframe

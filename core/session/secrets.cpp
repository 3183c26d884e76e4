#include "session/secrets.h"

#include <cstdlib>
#include <map>
#include <optional>

#include "model/secret_mask.h"
#include "model/text_file.h"
#include "model/variable_references.h"

namespace coldframe::session {

namespace {
constexpr std::size_t kMaxSecretsBytes = 1U << 20U;
}

std::vector<std::string> secretsOf(const Workspace& workspace, const Function& function)
{
    const std::string file = (workspace.folder / "secrets.env").string();
    std::map<std::string, std::string> fromFile;
    if (const auto text = readTextFile(file, kMaxSecretsBytes))
        if (auto read = parseSecrets(*text, file))
            fromFile = std::move(*read);
    // Either may have been in force: both are secrets.
    std::vector<std::string> values
        = secretValues(function, [&](const std::string& name) -> std::optional<std::string> {
              const auto found = fromFile.find(name);
              return found == fromFile.end() ? std::nullopt : std::optional(found->second);
          });
    const std::vector<std::string> own
        = secretValues(function, [](const std::string& name) -> std::optional<std::string> {
              const char* value = std::getenv(name.c_str());
              return value ? std::optional<std::string>(value) : std::nullopt;
          });
    values.insert(values.end(), own.begin(), own.end());
    return values;
}

} // namespace coldframe::session

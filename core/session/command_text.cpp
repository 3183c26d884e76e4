#include "session/command_text.h"

#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "model/secret_mask.h"
#include "model/text_file.h"
#include "model/variable_references.h"

namespace coldframe::session {

namespace {

constexpr std::size_t kMaxSecretsBytes = 1U << 20U;

/// Within single quotes nothing means anything to a shell but the quote itself.
std::string quoted(const std::string& word)
{
    const bool plain = !word.empty()
        && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_-./:@%+=,")
            == std::string::npos;
    if (plain)
        return word;
    std::string out = "'";
    for (const char c : word)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

/// A word that is no line of the text, so that it can end it.
std::string endOf(const std::string& text)
{
    std::string end = "EVENT";
    for (int n = 2; ('\n' + text + '\n').find('\n' + end + '\n') != std::string::npos; ++n)
        end = fmt::format("EVENT{}", n);
    return end;
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

} // namespace

std::string invokeCommand(const Workspace& workspace, const Function& function,
                          const std::string& event)
{
    const std::string masked = maskSecrets(event, secretsOf(workspace, function));
    const std::string end = endOf(masked);
    return fmt::format("coldframe invoke {} {} --event - <<'{}'\n{}\n{}\n",
                       quoted(workspace.folder.string()), quoted(function.name), end, masked, end);
}

} // namespace coldframe::session

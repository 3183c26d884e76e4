#include "session/command_text.h"

#include <fmt/format.h>

#include "model/secret_mask.h"
#include "session/secrets.h"

namespace coldframe::session {

namespace {

/// A word that is no line of the text, so that it can end it.
std::string endOf(const std::string& text)
{
    std::string end = "EVENT";
    for (int n = 2; ('\n' + text + '\n').find('\n' + end + '\n') != std::string::npos; ++n)
        end = fmt::format("EVENT{}", n);
    return end;
}

} // namespace

/// Within single quotes nothing means anything to a shell but the quote itself.
std::string shellWord(const std::string& word)
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

std::string invokeCommand(const Workspace& workspace, const Function& function,
                          const std::string& event)
{
    const std::string masked = maskSecrets(event, secretsOf(workspace, function));
    const std::string end = endOf(masked);
    return fmt::format("coldframe invoke {} {} --event - <<'{}'\n{}\n{}\n",
                       shellWord(workspace.folder.string()), shellWord(function.name), end, masked,
                       end);
}

} // namespace coldframe::session

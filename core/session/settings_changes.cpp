#include "session/settings_changes.h"

#include <optional>
#include <vector>

#include <fmt/format.h>

namespace coldframe::session {

namespace {

std::string limitText(const std::optional<int>& limit)
{
    return limit ? std::to_string(*limit) : "none";
}

std::string changesOf(const Function& before, const Function& after)
{
    std::vector<std::string> parts;
    if (before.memoryMb != after.memoryMb)
        parts.push_back(fmt::format("memory {} → {} MB", before.memoryMb, after.memoryMb));
    if (before.timeoutMs != after.timeoutMs)
        parts.push_back(fmt::format("timeout {} → {} ms", before.timeoutMs, after.timeoutMs));
    if (before.reservedConcurrency != after.reservedConcurrency)
        parts.push_back(fmt::format("reserved concurrency {} → {}",
                                    limitText(before.reservedConcurrency),
                                    limitText(after.reservedConcurrency)));
    if (before.provisionedConcurrency != after.provisionedConcurrency)
        parts.push_back(fmt::format("provisioned concurrency {} → {}",
                                    before.provisionedConcurrency, after.provisionedConcurrency));
    if (before.environment != after.environment)
        parts.push_back("environment"); // values may be secrets
    if (before.handler != after.handler || before.runtime != after.runtime
        || before.code != after.code || before.command != after.command)
        parts.push_back("other code");
    return fmt::format("{}", fmt::join(parts, ", "));
}

} // namespace

std::string settingsChanges(const Workspace& before, const Workspace& after)
{
    std::vector<std::string> all;
    for (const Function& function : after.functions) {
        const Function* old = before.findFunction(function.name);
        if (!old || (old->removed && !function.removed)) {
            all.push_back(function.name + ": added");
        } else if (function.removed) {
            if (!old->removed)
                all.push_back(function.name + ": removed");
        } else if (const std::string changes = changesOf(*old, function); !changes.empty()) {
            all.push_back(function.name + ": " + changes);
        }
    }
    if (before.platform != after.platform)
        all.push_back(fmt::format("platform {} → {}", before.platform, after.platform));
    if (before.accountConcurrency != after.accountConcurrency)
        all.push_back(fmt::format("account concurrency {} → {}", before.accountConcurrency,
                                  after.accountConcurrency));
    return all.empty() ? "settings changed" : fmt::format("{}", fmt::join(all, "; "));
}

} // namespace coldframe::session

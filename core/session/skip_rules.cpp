#include "session/skip_rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/workspace_file.h"

namespace coldframe::session {

std::optional<Error> whyNotSkipped(const Workspace& workspace,
                                   const std::vector<std::string>& backfilled)
{
    for (const Trigger& trigger : workspace.triggers) {
        if (trigger.enabled && std::holds_alternative<HttpTrigger>(trigger.kind))
            return Error{
                .code = Error::Code::Malformed,
                .message = fmt::format("idle time cannot be skipped: trigger {} waits for HTTP "
                                       "requests, and those come by the clock on the wall",
                                       trigger.name),
                .hint = "set \"enabled\": false in the trigger, or run without --skip-idle",
                .file = fileOf(workspace).string()};
        if (const auto* stream = std::get_if<StreamTrigger>(&trigger.kind);
            stream && trigger.enabled)
            return Error{
                .code = Error::Code::Malformed,
                .message = fmt::format("idle time cannot be skipped: trigger {} follows {}, which "
                                       "grows by the clock on the wall",
                                       trigger.name, stream->path.string()),
                .hint = "set \"enabled\": false in the trigger, or run without --skip-idle",
                .file = fileOf(workspace).string()};
        if (const auto* changes = std::get_if<ChangesTrigger>(&trigger.kind);
            changes && trigger.enabled)
            return Error{
                .code = Error::Code::Malformed,
                .message = fmt::format("idle time cannot be skipped: trigger {} follows changes of "
                                       "{}, which come by the clock on the wall",
                                       trigger.name, changes->table),
                .hint = "set \"enabled\": false in the trigger, or run without --skip-idle",
                .file = fileOf(workspace).string()};
        const auto* file = std::get_if<FileTrigger>(&trigger.kind);
        if (!file || !trigger.enabled
            || std::ranges::find(backfilled, trigger.name) != backfilled.end())
            continue;
        return Error{
            .code = Error::Code::Malformed,
            .message = fmt::format("idle time cannot be skipped: trigger {} waits for files in "
                                   "store {}, and those come by the clock on the wall",
                                   trigger.name, file->store),
            .hint = fmt::format("process the files that are there with --backfill {}, or set "
                                "\"enabled\": false in the trigger, or run without --skip-idle",
                                trigger.name),
            .file = fileOf(workspace).string()};
    }
    return std::nullopt;
}

} // namespace coldframe::session

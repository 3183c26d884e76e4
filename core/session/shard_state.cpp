#include "session/shard_state.h"

#include <charconv>

#include <fmt/format.h>

#include "model/json_text.h"
#include "model/outside_time.h"
#include "sources/event_text.h"

namespace coldframe::session {

namespace {

constexpr std::string_view kOpen = " open ";
constexpr std::string_view kClosed = " closed ";

} // namespace

std::string windowText(const KeptWindow& window)
{
    return fmt::format("{}{}{}", window.mark.from.time_since_epoch().count(),
                       window.mark.open ? kOpen : kClosed, window.state);
}

std::optional<KeptWindow> parseWindow(std::string_view text)
{
    std::int64_t from = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), from);
    if (error != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool open = text.starts_with(kOpen);
    if (!open && !text.starts_with(kClosed))
        return std::nullopt;
    text.remove_prefix(open ? kOpen.size() : kClosed.size());
    if (!parseJson(std::string(text), {}))
        return std::nullopt;
    return KeptWindow{{outsideTime(from), open}, std::string(text)};
}

std::string windowMembers(const engine::Shard::Window& window, const std::string& state,
                          const std::string& shardId, const std::string& arn)
{
    using sources::isoSeconds;
    using sources::jsonString;
    return fmt::format(R"(,"window":{{"start":"{}","end":"{}"}},"state":{},"shardId":{},)"
                       R"("eventSourceARN":{},"isFinalInvokeForWindow":{},)"
                       R"("isWindowTerminatedEarly":{})",
                       isoSeconds(window.start), isoSeconds(window.end), state, jsonString(shardId),
                       jsonString(arn), window.final, window.early);
}

} // namespace coldframe::session

#include "session/shard_answer.h"

#include <fmt/format.h>

#include "model/batch_answer.h"
#include "model/error.h"
#include "model/json_text.h"

namespace coldframe::session {

namespace {

/// The state, or why there is none.
tl::expected<std::string, std::string> stateOf(std::string_view text, std::size_t mostBytes)
{
    const auto parsed = parseJson(std::string(text), {});
    if (!parsed)
        return tl::unexpected<std::string>("the answer is no JSON: " + parsed.error().message);
    const JsonValue root = parsed->root();
    if (!root.isObject())
        return tl::unexpected<std::string>("the answer is no object with a state");
    const auto state = root.find("state");
    if (!state || state->kind() == JsonValue::Kind::Null)
        return tl::unexpected<std::string>("the answer has no state");
    std::string found = state->compact();
    if (found.size() > mostBytes)
        return tl::unexpected<std::string>(
            fmt::format("the state has {} bytes, {} are the most that can be handed on",
                        found.size(), mostBytes));
    return found;
}

ShardAnswer failedAnswer(std::string problem)
{
    return {.answer = {.end = engine::Shard::End::Failed},
            .state = std::nullopt,
            .problem = std::move(problem)};
}

} // namespace

ShardAnswer readShardAnswer(std::string_view text, const ShardQuestion& question)
{
    ShardAnswer result;
    if (question.state) {
        auto state = stateOf(text, question.mostStateBytes);
        if (!state)
            return failedAnswer(std::move(state.error()));
        result.answer.stateTooLarge = state->size() > kMaxWindowState;
        result.state = std::move(*state);
    }
    if (!question.failures || question.sequences.empty())
        return result;
    const BatchAnswer said = readBatchAnswer(text, question.sequences);
    if (said.kind == BatchAnswer::Kind::Unusable)
        return failedAnswer(said.problem);
    if (said.kind == BatchAnswer::Kind::SomeFailed) {
        result.answer.end = engine::Shard::End::SomeFailed;
        result.answer.firstFailed = said.failed.front();
    }
    return result;
}

} // namespace coldframe::session

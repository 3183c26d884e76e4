#include "ui/attempts/filter_words.h"

#include "ui/attempts/attempt_status.h"

namespace coldframe::ui {

namespace {

constexpr std::uint32_t bit(AttemptStatus status)
{
    return 1U << static_cast<unsigned>(status);
}
constexpr std::uint32_t bit(history::StartKind start)
{
    return 1U << static_cast<unsigned>(start);
}

constexpr std::uint32_t failures()
{
    std::uint32_t bits = 0;
    for (unsigned status = 0; status <= static_cast<unsigned>(AttemptStatus::Expired); ++status)
        if (isFailure(static_cast<AttemptStatus>(status)))
            bits |= 1U << status;
    return bits;
}

} // namespace

std::optional<std::uint32_t> statusBits(const std::string& word)
{
    if (word == "ok" || word == "succeeded" || word == "success")
        return bit(AttemptStatus::Ok);
    if (word == "error" || word == "errors" || word == "failed")
        return failures();
    if (word == "exception")
        return bit(AttemptStatus::Error);
    if (word == "timeout")
        return bit(AttemptStatus::Timeout);
    if (word == "crashed" || word == "crash")
        return bit(AttemptStatus::Crashed);
    if (word == "memory" || word == "oom")
        return bit(AttemptStatus::OutOfMemory);
    if (word == "init")
        return bit(AttemptStatus::InitFailed);
    if (word == "response")
        return bit(AttemptStatus::TooLarge) | bit(AttemptStatus::BadResponse);
    if (word == "cancelled" || word == "canceled")
        return bit(AttemptStatus::Cancelled);
    if (word == "throttled")
        return bit(AttemptStatus::Throttled);
    if (word == "expired")
        return bit(AttemptStatus::Expired);
    return {};
}

std::optional<std::uint32_t> startBits(const std::string& word)
{
    using history::StartKind;
    if (word == "cold")
        return bit(StartKind::Cold);
    if (word == "warm")
        return bit(StartKind::Warm);
    if (word == "provisioned")
        return bit(StartKind::Provisioned);
    if (word == "none")
        return bit(StartKind::None);
    if (word == "notcold")
        return bit(StartKind::Warm) | bit(StartKind::Provisioned) | bit(StartKind::None);
    return {};
}

std::optional<bool> readYesOrNo(const std::string& word)
{
    if (word == "yes" || word == "true" || word == "1")
        return true;
    if (word == "no" || word == "false" || word == "0")
        return false;
    return {};
}

} // namespace coldframe::ui

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldframe::sqs {

/// Which receive of which message: what is shown to delete it, or to hide it for longer.
struct ReceiptHandle {
    std::uint64_t message = 0;
    std::uint32_t receive = 0; ///< from 1
    bool operator==(const ReceiptHandle&) const = default;
};

/// As text that callers hand back as it is. It names the queue, so that a handle of another one is
/// refused, and is told from texts that are no handles by a digest, not kept from forgers.
std::string writeHandle(const ReceiptHandle& handle, std::string_view queue);
inline constexpr std::size_t kHandleLength = 48; ///< characters
/// Nothing for any other text.
std::optional<ReceiptHandle> readHandle(std::string_view text, std::string_view queue);

} // namespace coldframe::sqs

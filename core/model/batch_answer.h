#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe {

/// What a function's answer says of the items of its batch, where it was agreed that answers do
/// (`ReportBatchItemFailures`).
struct BatchAnswer {
    enum class Kind : std::uint8_t {
        AllSucceeded,
        SomeFailed, ///< those in `failed`
        Unusable, ///< the whole batch counts as failed; `problem` says why
    };
    Kind kind = Kind::AllSucceeded;
    std::vector<std::size_t> failed; ///< indices of items, ascending, each once
    std::string problem; ///< "batchItemFailures[1]: itemIdentifier is null"
};

/// Reads `{"batchItemFailures": [{"itemIdentifier": "…"}]}`. An empty text, null, "", {}, [], an
/// object without the list, and a list that is null or empty mean that all succeeded. Unusable are:
/// what is not JSON, any other value in place of the object or the list, an entry without
/// `itemIdentifier`, and one whose identifier is null, empty, no string or of no item.
/// Sources: Lambda developer guide, "Handling errors for an SQS event source", read 2026-11;
/// behaviour recorded from AWS in LocalStack's tests, 2025-11-25.
///
/// @param itemIds  what the items of the event are called: message ids, sequence numbers
BatchAnswer readBatchAnswer(std::string_view answer, std::span<const std::string> itemIds);

} // namespace coldframe

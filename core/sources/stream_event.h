#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/workspace.h"
#include "sources/event_text.h"
#include "sources/stream_tail.h"

namespace coldframe::sources {

/// The fields of one CSV record (RFC 4180): quoted ones may hold commas, line ends and "" for a
/// quote. What follows a closing quote belongs to the field.
std::vector<std::string> csvFields(std::string_view record);

/// The name by which events call a stream: that of its file, without what cannot stand in one.
std::string streamName(const std::filesystem::path& file);
/// "arn:aws:kinesis:us-east-1:000000000000:stream/clicks"
std::string streamArn(const std::string& stream, const EventOrigin& origin = {});
inline constexpr std::string_view kShardId = "shardId-000000000000"; ///< a file is one shard
/// 56 digits that compare as text in the order of the records.
std::string sequenceNumber(std::uint64_t sequence);

/// A record as part of an event.
struct StreamItem {
    std::string text; ///< JSON; empty: it cannot be one
    std::string problem; ///< why not, for a person
    std::string partitionKey; ///< of Kinesis; rows have the one they would have there
};
/// A Kinesis record as Lambda hands it over: any bytes, in base64. Its partition key is the value
/// of `trigger.partitionKey` in the row, or the stream's name when there is none.
/// Source: AWS Lambda developer guide, "Using Lambda with Kinesis", read 2026-11.
StreamItem kinesisItem(const StreamTrigger& trigger, const StreamRecord& record,
                       const EventOrigin& origin = {});
/// The row itself: the JSON of the line, or an object by the names in the file's first line, all
/// values texts. Bytes that are no UTF-8 become U+FFFD.
StreamItem rowItem(const StreamTrigger& trigger, const StreamRecord& record);

/// What filters see of a record. Of Kinesis, as there: `{"partitionKey": …, "sequenceNumber": …,
/// "approximateArrivalTimestamp": …, "data": …}`, the data as JSON or, where it is none, as a text.
/// Of a row: itself. `item`: what became of the record.
/// Source: AWS Lambda developer guide, "Using event filtering with a Kinesis event source", read
/// 2026-11.
std::string filteredText(const StreamTrigger& trigger, const StreamRecord& record,
                         const StreamItem& item);

} // namespace coldframe::sources

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/time.h"
#include "sources/event_text.h"
#include "sources/row_change.h"

namespace coldframe::sources {

/// Which rows a record of a stream carries. Source: Amazon DynamoDB API reference,
/// StreamSpecification, read 2026-11.
enum class StreamView { NewAndOldImages, NewImage, OldImage, KeysOnly };

/// What records say besides the change itself.
struct RowEventContext {
    EventOrigin origin;
    TimePoint streamSince{}; ///< when capture began; the label at the end of the stream's ARN
    StreamView view = StreamView::NewAndOldImages;
};

/// "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-11-27T09:15:07.412"
std::string tableStreamArn(const std::string& table, const RowEventContext& context);

/// One record as DynamoDB Streams makes it: eventName INSERT, MODIFY or REMOVE, eventVersion 1.1,
/// values typed as S, N, B, NULL or BOOL. Text that is no UTF-8 comes as B, numbers that JSON has
/// no word for (Infinity) as S; values that the database did not tell are left out. SequenceNumber
/// has 21 digits, or 31 where commits have parts, and rises, as text too, with the order of
/// commits. SizeBytes counts what is in the record by DynamoDB's rules: it is modelled. Source:
/// Amazon DynamoDB Streams API reference, Record and StreamRecord; DynamoDB developer guide,
/// "DynamoDB item sizes and formats"; read 2026-11.
std::string dynamoDbRecord(const RowChange& change, const RowEventContext& context);
/// `{"Records": […]}`
std::string dynamoDbBatch(const std::vector<std::string>& records);

/// `{"op":"modify","table":"orders","sequence":"1…","key":{"id":1},"old":{…},"new":{…}}`, op one of
/// insert, modify and remove, sequence that of sequenceNumber(), a row that is not there null.
/// Bytes that are no text are `{"base64": "…"}`.
std::string rowRecord(const RowChange& change);
/// A JSON array of records.
std::string rowBatch(const std::vector<std::string>& records);

/// The number by which a record is named in a response that reports failures.
std::string sequenceNumber(const RowChange& change);

/// One value as DynamoDB types it: `{"N":"4"}`.
std::string attributeValue(const RowValue& value);
/// One value as plain JSON: `4`, `"tea"`, `{"base64":"AAE="}`.
std::string plainValue(const RowValue& value);
/// Bytes that DynamoDB would count for it.
std::size_t attributeSize(const RowValue& value);

} // namespace coldframe::sources

#include "session/shard_failure.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "sources/event_text.h"

namespace coldframe::session {

std::string failureRecord(const FailedBatch& batch, TimePoint now)
{
    using Json = nlohmann::ordered_json;
    Json record{
        {"requestContext",
         {{"requestId", batch.requestId},
          {"functionArn", "arn:aws:lambda:us-east-1:000000000000:function:" + batch.function},
          {"condition", batch.condition},
          {"approximateInvokeCount", std::max(batch.attempts, 1U)}}}};
    if (batch.attempts > 0 && batch.condition != "RecordAgeExceeded") {
        record["responseContext"] = {{"statusCode", 200}, {"executedVersion", "$LATEST"}};
        record["responseContext"]["functionError"]
            = batch.functionFailed ? Json("Unhandled") : Json(nullptr);
    }
    record["version"] = "1.0";
    record["timestamp"] = sources::isoMilliseconds(now);
    record[batch.batchInfo]
        = {{"shardId", batch.shardId},
           {"startSequenceNumber", batch.firstSequence},
           {"endSequenceNumber", batch.lastSequence},
           {"approximateArrivalOfFirstRecord", sources::isoMilliseconds(batch.firstArrival)},
           {"approximateArrivalOfLastRecord", sources::isoMilliseconds(batch.lastArrival)},
           {"batchSize", batch.size},
           {"streamArn", batch.arn}};
    record["payload"] = batch.body;
    return record.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace coldframe::session

#include "session/stream_failure.h"

#include <nlohmann/json.hpp>

#include "sources/event_text.h"
#include "sources/stream_event.h"

namespace coldframe::session {

std::string failureRecord(const FailedBatch& batch, TimePoint now)
{
    using Json = nlohmann::ordered_json;
    Json record{
        {"requestContext",
         {{"requestId", batch.requestId},
          {"functionArn", "arn:aws:lambda:us-east-1:000000000000:function:" + batch.function},
          {"condition", batch.condition},
          {"approximateInvokeCount", batch.attempts}}}};
    if (batch.attempts > 0 && batch.condition != "RecordAgeExceeded") {
        record["responseContext"] = {{"statusCode", 200}, {"executedVersion", "$LATEST"}};
        if (batch.failedInside)
            record["responseContext"]["functionError"] = "Unhandled";
    }
    record["version"] = "1.0";
    record["timestamp"] = sources::isoMilliseconds(now);
    record["KinesisBatchInfo"]
        = {{"shardId", std::string(sources::kShardId)},
           {"startSequenceNumber", sources::sequenceNumber(batch.firstSequence)},
           {"endSequenceNumber", sources::sequenceNumber(batch.lastSequence)},
           {"approximateArrivalOfFirstRecord", sources::isoMilliseconds(batch.firstArrival)},
           {"approximateArrivalOfLastRecord", sources::isoMilliseconds(batch.lastArrival)},
           {"batchSize", batch.size},
           {"streamArn", sources::streamArn(batch.stream)}};
    record["payload"] = batch.body;
    return record.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string markSource(const std::string& trigger, const StreamTrigger& stream)
{
    return "stream " + trigger + ' ' + stream.path.string();
}

} // namespace coldframe::session

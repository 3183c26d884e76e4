#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

namespace {

/// -1, or from 60 on.
int readRecordAge(JsonReader& in)
{
    const auto age = static_cast<int>(in.integer("maximumRecordAgeS", kMaximumRecordAgeS, -1));
    if (age < 0 || age >= kLeastRecordAgeS)
        return age;
    in.fail(Error::Code::OutOfRange, "maximumRecordAgeS",
            fmt::format("maximumRecordAgeS must be -1 or from {} to {}, got {}", kLeastRecordAgeS,
                        kMaximumRecordAgeS.max, age),
            "-1: rows may be of any age");
    return -1;
}

} // namespace

StreamTrigger readStream(JsonReader& in, const WorkspaceSource& source)
{
    using Format = StreamTrigger::Format;
    using Start = StreamTrigger::Start;
    using Shape = StreamTrigger::Shape;
    StreamTrigger trigger;
    in.require("path", "name the file to follow, such as data/clicks.jsonl");
    trigger.path = readPath(in, "path", source);
    trigger.format
        = in.choice<Format>("format", {{"jsonl", Format::JsonLines}, {"csv", Format::Csv}},
                            trigger.path.extension() == ".csv" ? Format::Csv : Format::JsonLines);
    trigger.shape = in.choice<Shape>(
        "shape", {{"kinesis", Shape::Kinesis}, {"lines", Shape::Lines}}, trigger.shape);
    trigger.start = in.choice<Start>(
        "startingPosition", {{"TRIM_HORIZON", Start::TrimHorizon}, {"LATEST", Start::Latest}},
        trigger.start);
    trigger.batchSize
        = static_cast<int>(in.integer("batchSize", kStreamBatchSize, trigger.batchSize));
    trigger.batchWindowS = static_cast<int>(in.integer("batchWindowS", kBatchWindowS, 0));
    trigger.partitionKey = in.string("partitionKey", {}, {1, 256});
    trigger.maximumRetryAttempts
        = static_cast<int>(in.integer("maximumRetryAttempts", kMaximumRetryAttempts, -1));
    trigger.maximumRecordAgeS = readRecordAge(in);
    return trigger;
}

} // namespace coldframe::detail

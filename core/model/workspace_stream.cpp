#include "model/shard_reading.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

StreamTrigger readStream(JsonReader& in, const WorkspaceSource& source)
{
    using Format = StreamTrigger::Format;
    using Start = StreamTrigger::Start;
    using Shape = StreamTrigger::Shape;
    StreamTrigger trigger;
    in.require("path", "name the file to follow, such as data/clicks.jsonl");
    trigger.path = readPath(in, "path", source);
    const std::filesystem::path home = source.folder.lexically_normal();
    if (isWithin(trigger.path, (home.has_filename() ? home : home.parent_path()) / ".coldframe"))
        in.fail(Error::Code::Conflict, "path",
                "a stream cannot lie in .coldframe, where Coldframe keeps its own state",
                "name a file that grows, such as data/clicks.jsonl");
    trigger.format
        = in.choice<Format>("format", {{"jsonl", Format::JsonLines}, {"csv", Format::Csv}},
                            trigger.path.extension() == ".csv" ? Format::Csv : Format::JsonLines);
    trigger.shape = in.choice<Shape>(
        "shape", {{"kinesis", Shape::Kinesis}, {"lines", Shape::Lines}}, trigger.shape);
    trigger.start = in.choice<Start>(
        "startingPosition", {{"TRIM_HORIZON", Start::TrimHorizon}, {"LATEST", Start::Latest}},
        trigger.start);
    trigger.partitionKey = in.string("partitionKey", {}, {1, 256});
    trigger.shard = readShardRules(in);
    return trigger;
}

} // namespace coldframe::detail

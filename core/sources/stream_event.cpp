#include "sources/stream_event.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/json_depth.h"
#include "model/base64.h"
#include "model/utf8.h"

namespace coldframe::sources {

namespace {

using JsonRow = nlohmann::ordered_json;

constexpr std::size_t kMostPartitionKey = 256; // characters, as on the platform
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

std::string withoutBrokenText(std::string_view text)
{
    std::string whole;
    whole.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8Length(text, at);
        whole += length > 0 ? text.substr(at, length) : kReplacement;
        at += std::max<std::size_t>(length, 1);
    }
    return whole;
}

/// Discarded when the text is no JSON, or nested too deep.
JsonRow parsedJson(const std::string& text)
{
    return isTooDeep(text) ? JsonRow(JsonRow::value_t::discarded)
                           : JsonRow::parse(text, nullptr, false);
}

/// Likewise.
JsonRow rowOf(const StreamTrigger& trigger, const StreamRecord& record)
{
    const std::string text = withoutBrokenText(record.bytes);
    if (trigger.format == StreamTrigger::Format::JsonLines)
        return parsedJson(text);
    const std::vector<std::string> names
        = csvFields(record.header ? withoutBrokenText(*record.header) : std::string());
    const std::vector<std::string> fields = csvFields(text);
    JsonRow row = JsonRow::object();
    for (std::size_t i = 0; i < fields.size(); ++i)
        row[i < names.size() ? names[i] : fmt::format("column {}", i + 1)] = fields[i];
    return row;
}

std::string partitionKeyOf(const StreamTrigger& trigger, const JsonRow& row)
{
    const std::string stream = streamName(trigger.path);
    const auto found = row.is_object() ? row.find(trigger.partitionKey) : row.end();
    if (!row.is_object() || found == row.end() || found->is_null())
        return stream;
    std::string key = found->is_string() ? found->get<std::string>() : found->dump();
    std::size_t end = 0;
    for (std::size_t n = 0; n < kMostPartitionKey && end < key.size(); ++n)
        end += std::max<std::size_t>(utf8Length(key, end), 1);
    key.resize(std::min(end, key.size()));
    return key.empty() ? stream : key;
}

/// Seconds with milliseconds.
std::string arrivalText(TimePoint arrival)
{
    const auto ms
        = std::chrono::duration_cast<std::chrono::milliseconds>(arrival.time_since_epoch()).count();
    return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

} // namespace

std::vector<std::string> csvFields(std::string_view record)
{
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < record.size(); ++i) {
        const char c = record[i];
        if (quoted && c == '"' && i + 1 < record.size() && record[i + 1] == '"') {
            fields.back() += record[++i];
        } else if (c == '"' && (quoted || fields.back().empty())) {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

std::string streamName(const std::filesystem::path& file)
{
    std::string name = file.stem().string();
    for (char& c : name) {
        const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '_' || c == '-' || c == '.';
        if (!good)
            c = '-';
    }
    return name.empty() ? "stream" : name.substr(0, 128);
}

std::string streamArn(const std::string& stream, const EventOrigin& origin)
{
    return fmt::format("arn:aws:kinesis:{}:{}:stream/{}", origin.region, origin.account, stream);
}

std::string sequenceNumber(std::uint64_t sequence)
{
    return fmt::format("4965{:052}", sequence);
}

StreamItem kinesisItem(const StreamTrigger& trigger, const StreamRecord& record,
                       const EventOrigin& origin)
{
    const std::string stream = streamName(trigger.path);
    const std::string number = sequenceNumber(record.sequence);
    // Without a field of the row there is no need to read it.
    std::string key
        = trigger.partitionKey.empty() ? stream : partitionKeyOf(trigger, rowOf(trigger, record));
    return {.text = fmt::format(
                R"({{"kinesis":{{"kinesisSchemaVersion":"1.0","partitionKey":{},)"
                R"("sequenceNumber":"{}","data":"{}","approximateArrivalTimestamp":{}}},)"
                R"("eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"{}:{}",)"
                R"("eventName":"aws:kinesis:record",)"
                R"("invokeIdentityArn":"arn:aws:iam::{}:role/local","awsRegion":"{}",)"
                R"("eventSourceARN":"{}"}})",
                jsonString(key), number, toBase64(record.bytes), arrivalText(record.arrival),
                kShardId, number, origin.account, origin.region, streamArn(stream, origin)),
            .problem = {},
            .partitionKey = std::move(key)};
}

StreamItem rowItem(const StreamTrigger& trigger, const StreamRecord& record)
{
    const JsonRow row = rowOf(trigger, record);
    if (!row.is_discarded())
        return {.text = row.dump(), .problem = {}, .partitionKey = partitionKeyOf(trigger, row)};
    return {.text = {},
            .problem = fmt::format("record {} is {}: \"{}\"", record.sequence,
                                   isTooDeep(record.bytes)
                                       ? fmt::format("nested more than {} deep", kMaxJsonDepth)
                                       : "not JSON",
                                   withoutBrokenText(record.bytes.substr(0, 60))),
            .partitionKey = {}};
}

std::string filteredText(const StreamTrigger& trigger, const StreamRecord& record,
                         const StreamItem& item)
{
    if (trigger.shape == StreamTrigger::Shape::Lines)
        return item.text;
    const JsonRow data = parsedJson(withoutBrokenText(record.bytes));
    return fmt::format(R"({{"partitionKey":{},"sequenceNumber":"{}",)"
                       R"("approximateArrivalTimestamp":{},"data":{}}})",
                       jsonString(item.partitionKey), sequenceNumber(record.sequence),
                       arrivalText(record.arrival),
                       data.is_discarded() ? jsonString(record.bytes) : data.dump());
}

} // namespace coldframe::sources

#include "sources/row_event.h"

#include <fmt/format.h>

namespace coldframe::sources {

namespace {

bool told(const RowValue& value)
{
    return !std::holds_alternative<Untold>(value);
}

/// `{"id":…,"item":…}` of the columns that are wanted; adds what DynamoDB counts for them.
template <typename Write>
std::string rowObject(const RowColumns& columns, const Row& row, bool keysOnly, std::size_t& size,
                      const Write& write)
{
    std::string text = "{";
    for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
        if (!told(row[i]) || (keysOnly && !columns[i].key))
            continue;
        if (text.size() > 1)
            text += ',';
        text += jsonString(columns[i].name) + ':' + write(row[i]);
        size += columns[i].name.size() + attributeSize(row[i]);
    }
    return text + '}';
}

const char* viewName(StreamView view)
{
    switch (view) {
    case StreamView::NewImage:
        return "NEW_IMAGE";
    case StreamView::OldImage:
        return "OLD_IMAGE";
    case StreamView::KeysOnly:
        return "KEYS_ONLY";
    default:
        return "NEW_AND_OLD_IMAGES";
    }
}

const char* eventName(RowChange::Kind kind)
{
    return kind == RowChange::Kind::Insert ? "INSERT"
        : kind == RowChange::Kind::Modify  ? "MODIFY"
                                           : "REMOVE";
}

std::string joined(const std::vector<std::string>& records)
{
    return fmt::format("{}", fmt::join(records, ","));
}

} // namespace

std::string tableStreamArn(const std::string& table, const RowEventContext& context)
{
    return fmt::format("arn:aws:dynamodb:{}:{}:table/{}/stream/{}", context.origin.region,
                       context.origin.account, table,
                       isoMilliseconds(context.streamSince).substr(0, 23));
}

std::string sequenceNumber(const RowChange& change)
{
    const std::string number = fmt::format("1{:020}", change.sequence);
    return change.part ? number + fmt::format("{:010}", *change.part) : number;
}

std::string dynamoDbRecord(const RowChange& change, const RowEventContext& context)
{
    std::size_t size = 0;
    const auto image = [&](const Row& row, bool keysOnly) {
        return rowObject(*change.columns, row, keysOnly, size, attributeValue);
    };
    const StreamView view = context.view;
    const bool both = view == StreamView::NewAndOldImages;
    const std::string keys = image(change.keyRow(), true);
    std::string images;
    if (!change.newRow.empty() && (both || view == StreamView::NewImage))
        images += R"("NewImage":)" + image(change.newRow, false) + ',';
    if (!change.oldRow.empty() && (both || view == StreamView::OldImage))
        images += R"("OldImage":)" + image(change.oldRow, false) + ',';

    const std::string number = sequenceNumber(change);
    const std::string arn = jsonString(tableStreamArn(change.table, context));
    return fmt::format(
        R"({{"eventID":"{:016x}{:016x}","eventName":"{}","eventVersion":"1.1",)"
        R"("eventSource":"aws:dynamodb","awsRegion":"{}","dynamodb":{{)"
        R"("ApproximateCreationDateTime":{}.0,"Keys":{},{}"SequenceNumber":"{}","SizeBytes":{},)"
        R"("StreamViewType":"{}"}},"eventSourceARN":{}}})",
        scatter(change.table + number, 0), scatter(change.table + number, 1),
        eventName(change.kind), context.origin.region,
        std::chrono::floor<std::chrono::seconds>(change.at).time_since_epoch().count(), keys,
        images, number, size, viewName(view), arn);
}

std::string dynamoDbBatch(const std::vector<std::string>& records)
{
    return R"({"Records":[)" + joined(records) + "]}";
}

std::string rowRecord(const RowChange& change)
{
    std::size_t ignored = 0;
    const auto object = [&](const Row& row, bool keysOnly) {
        return row.empty() ? "null"
                           : rowObject(*change.columns, row, keysOnly, ignored, plainValue);
    };
    std::string op = eventName(change.kind);
    for (char& c : op)
        c = static_cast<char>(c - 'A' + 'a');
    return fmt::format(R"({{"op":"{}","table":{},"sequence":"{}","key":{},"old":{},"new":{}}})", op,
                       jsonString(change.table), sequenceNumber(change),
                       object(change.keyRow(), true), object(change.oldRow, false),
                       object(change.newRow, false));
}

std::string rowBatch(const std::vector<std::string>& records)
{
    return '[' + joined(records) + ']';
}

} // namespace coldframe::sources

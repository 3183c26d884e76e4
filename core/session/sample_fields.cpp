#include "session/sample_fields.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "s3/digest.h"

namespace coldframe::session {

namespace {

using Json = nlohmann::ordered_json;
using Place = EventField::Place;

std::vector<Place> placesOf(HandlerEvent kind)
{
    switch (kind) {
    case HandlerEvent::Plain:
        return {Place::Event};
    case HandlerEvent::HttpV1:
    case HandlerEvent::HttpV2:
        return {Place::Body, Place::Path, Place::Query};
    case HandlerEvent::Sqs:
        return {Place::Body};
    case HandlerEvent::EventBridge:
        return {Place::Detail};
    case HandlerEvent::DynamoDb:
        return {Place::NewImage};
    default:
        return {};
    }
}

/// The values of one place; null when there are none.
Json valuesAt(Place place, const std::vector<EventField>& fields)
{
    Json values;
    for (const EventField& field : fields) {
        if (field.place != place)
            continue;
        const Json value = Json::parse(field.value);
        const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
        if (place == Place::NewImage)
            values[field.key] = {{field.type, field.type == "BOOL" ? value : Json(text)}};
        else if (place == Place::Path || place == Place::Query)
            values[field.key] = text; // nothing else comes out of an address
        else
            values[field.key] = value;
    }
    return values;
}

void putQuery(Json& event, const Json& values)
{
    event["queryStringParameters"] = values;
    if (event.contains("multiValueQueryStringParameters")) {
        Json& lists = event["multiValueQueryStringParameters"] = Json::object();
        for (const auto& [key, value] : values.items())
            lists[key] = Json::array({value});
    }
    if (event.contains("rawQueryString")) {
        std::string query;
        for (const auto& [key, value] : values.items())
            query += (query.empty() ? "" : "&") + key + "=" + value.get<std::string>();
        event["rawQueryString"] = query;
    }
}

void put(Json& event, Place place, const Json& values)
{
    const bool records = event.contains("Records") && event["Records"].is_array();
    switch (place) {
    case Place::Event:
        event = values;
        break;
    case Place::Body:
        if (!records)
            event["body"] = values.dump();
        else
            for (Json& record : event["Records"]) {
                record["body"] = values.dump();
                record["md5OfBody"] = s3::hexMd5(values.dump());
            }
        break;
    case Place::Path:
        event["pathParameters"] = values;
        break;
    case Place::Query:
        putQuery(event, values);
        break;
    case Place::Detail:
        event["detail"] = values;
        break;
    case Place::NewImage:
        if (records)
            for (Json& record : event["Records"])
                record["dynamodb"]["NewImage"] = values;
        break;
    }
}

} // namespace

bool hasFieldsFor(HandlerEvent kind, const std::vector<EventField>& fields)
{
    return std::ranges::any_of(placesOf(kind), [&](Place place) {
        return std::ranges::find(fields, place, &EventField::place) != fields.end();
    });
}

std::string withFields(const std::string& event, HandlerEvent kind,
                       const std::vector<EventField>& fields)
{
    Json made = Json::parse(event, nullptr, false);
    if (!made.is_object() || !hasFieldsFor(kind, fields))
        return event;
    for (const Place place : placesOf(kind))
        if (const Json values = valuesAt(place, fields); !values.is_null())
            put(made, place, values);
    return made.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace coldframe::session

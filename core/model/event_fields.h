#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe {

/// A value of an event that a handler looks up by a key that its source spells out.
struct EventField {
    enum class Place : std::uint8_t {
        Event, ///< event["name"]
        Body, ///< json.loads(event["body"])["name"], also of a queue's record
        Path, ///< event["pathParameters"]["id"]
        Query, ///< event["queryStringParameters"]["page"]
        Detail, ///< event["detail"]["order_id"]
        NewImage, ///< record["dynamodb"]["NewImage"]["Id"]["N"]
    };
    Place place = Place::Event;
    std::string key;
    std::string value; ///< JSON of a value that goes with the key and its use: `3`, `"42"`, `[]`
    std::string type{}; ///< of an attribute in NewImage: "S", "N" or "BOOL"
    bool operator==(const EventField&) const = default;
};

/// The fields of its event that a Python or JavaScript source looks up, by place and then in the
/// order of the source, each once. Follows a name that such a part is given (`body =
/// json.loads(…)`) and names that are taken out (`const { name } = JSON.parse(event.body)`).
std::vector<EventField> eventFields(std::string_view source);

} // namespace coldframe

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"
#include "ui/editor/json_place.h"

namespace coldframe {
class JsonValue;
}

namespace coldframe::ui {

/// What is known of one place of an event: a member, or an element of a list.
struct ShapeNode {
    /// What names of the workspace may stand here.
    enum class Names { None, Stores, StoreArns, Keys, EncodedKeys, Sizes };

    std::string key; ///< empty of elements and of the whole event
    std::string note; ///< "name of the bucket; here a store"
    std::string example; ///< JSON; a container's holds those of its members
    bool object = false, list = false, text = false;
    bool open = false; ///< its members are the user's own: any may be there
    std::vector<std::string> values; ///< JSON; the known ones
    Names names = Names::None;
    /// Of keys and sizes: where the store's name, and of sizes the key, stand; a path from the
    /// record, or from the whole event where there are no records.
    std::string storeAt, keyAt;
    std::vector<ShapeNode> members; ///< in the order of the template
    std::vector<ShapeNode> elements; ///< none or one
    std::vector<ShapeNode> others; ///< none or one: what a member of any other name is

    const ShapeNode* find(std::string_view member) const;
    const ShapeNode* at(const JsonPath& path) const;
    /// Takes in what an example has and this has not yet; keeps at most 2,000 members of one
    /// object, and 12 levels.
    void learn(const JsonValue& value, int level = 0);
};

/// One kind of event.
struct EventShapeInfo {
    std::string id; ///< "s3", as in resources/events/
    std::string title; ///< "S3 notification"
    /// One of these holds: all members named are there and have the value; "" is any value.
    std::vector<std::vector<JsonFact>> signs;
    ShapeNode root;
};

/// The kinds of events that are shipped: their keys from the templates in `events/`, what these
/// mean and which values are known from `events/shapes.json`.
class EventShapes {
public:
    /// Errors name the file: it is missing, or no JSON.
    static Result<EventShapes> load(const std::string& resourceFolder);

    const std::vector<EventShapeInfo>& all() const { return m_shapes; }
    const EventShapeInfo* find(std::string_view id) const;
    /// The kind that a document shows itself to be; null when it does not.
    const EventShapeInfo* recognise(const std::vector<JsonFact>& facts) const;
    /// Whether all members, down to those of the first record, are known to this kind.
    static bool possible(const EventShapeInfo& shape, const std::vector<JsonFact>& facts);

private:
    std::vector<EventShapeInfo> m_shapes; ///< more special ones first
};

} // namespace coldframe::ui

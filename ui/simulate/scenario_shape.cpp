#include "ui/simulate/scenario_shape.h"

#include "model/json_edit.h"
#include "model/json_text.h"
#include "model/resources.h"
#include "model/text_file.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kLargestSchema = 4 << 20; ///< bytes

using Value = std::optional<JsonValue>;

std::string wordAt(const JsonValue& schema, const char* key)
{
    const Value value = schema.find(key);
    return value && value->isString() ? value->string() : std::string();
}

/// The values a schema names, of its alternatives, too.
void addValues(const JsonValue& schema, std::vector<std::string>& values)
{
    if (const Value named = schema.find("enum"); named && named->isArray())
        for (const JsonValue& value : named->elements())
            values.push_back(value.compact());
    if (const Value fixed = schema.find("const"))
        values.push_back(fixed->compact());
    if (wordAt(schema, "type") == "boolean")
        values.insert(values.end(), {"true", "false"});
    if (const Value any = schema.find("anyOf"); any && any->isArray())
        for (const JsonValue& one : any->elements())
            addValues(one, values);
}

std::string exampleOf(const JsonValue& schema, const ShapeNode& node)
{
    if (const Value standard = schema.find("default"))
        return standard->compact();
    if (!node.values.empty())
        return node.values.front();
    if (node.object || node.list || node.text)
        return {};
    const Value least = schema.find("minimum");
    return least && least->kind() == JsonValue::Kind::Number && least->number() >= 1
        ? least->compact()
        : "1";
}

ShapeNode nodeOf(const std::string& key, const JsonValue& schema)
{
    ShapeNode node;
    node.key = key;
    node.note = wordAt(schema, "description");
    const std::string type = wordAt(schema, "type");
    node.object = type == "object";
    node.list = type == "array";
    node.text = type == "string";
    addValues(schema, node.values);
    node.example = exampleOf(schema, node);
    if (const Value members = schema.find("properties"); members && members->isObject())
        for (const JsonMember& member : members->members())
            node.members.push_back(nodeOf(member.key, member.value));
    if (const Value others = schema.find("additionalProperties"); others && others->isObject())
        node.others.push_back(nodeOf({}, *others));
    if (const Value elements = schema.find("items"); elements && elements->isObject())
        node.elements.push_back(nodeOf({}, *elements));
    return node;
}

} // namespace

ShapeNode scenarioShape(const QString& resourceFolder)
{
    const std::string folder = resourceFolder.toStdString();
    const auto read = readTextFile(folder + "/schema/scenario.schema.json", kLargestSchema);
    const auto schema = read ? parseJson(*read, {}) : Result<JsonText>(tl::unexpected(Error()));
    if (!schema || !schema->root().isObject())
        return {};
    ShapeNode root = nodeOf({}, schema->root());
    for (ShapeNode& member : root.members)
        if (member.key == "platform")
            for (const std::string& id : platformIds(folder))
                member.values.push_back(quotedJson(id));
    return root;
}

} // namespace coldframe::ui

#include "ui/editor/event_shapes.h"

#include <QFile>

#include <algorithm>

#include "model/json_text.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kMostMembers = 2000;
constexpr int kMostLevels = 12;

Result<JsonText> read(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(Error{.code = Error::Code::Io,
                                    .message = "the file cannot be read: "
                                        + file.errorString().toStdString(),
                                    .file = path});
    return parseJson(file.readAll().toStdString(), path);
}

std::string textOf(const JsonValue& object, std::string_view key)
{
    const auto value = object.find(key);
    return value && value->isString() ? value->string() : std::string();
}

/// The steps of "Records[].s3.bucket"; every element is the first.
JsonPath stepsOf(std::string_view path)
{
    JsonPath steps;
    while (!path.empty()) {
        if (path.starts_with("[]")) {
            steps.push_back({true, {}, 0});
            path.remove_prefix(2);
        } else {
            path.remove_prefix(path.front() == '.' ? 1 : 0);
            const std::size_t end = std::min(path.find_first_of(".["), path.size());
            steps.push_back({false, std::string(path.substr(0, end)), 0});
            path.remove_prefix(end);
        }
    }
    return steps;
}

/// "Records[0].eventName" as "Records[].eventName".
std::string withoutIndices(std::string_view path)
{
    std::string plain;
    bool inside = false;
    for (const char c : path) {
        inside = inside && c != ']';
        if (!inside)
            plain += c;
        inside = inside || c == '[';
    }
    return plain;
}

/// The node at a path, made where it is missing.
ShapeNode& nodeAt(ShapeNode& root, const JsonPath& path)
{
    ShapeNode* node = &root;
    for (const JsonStep& step : path) {
        (step.element ? node->list : node->object) = true;
        std::vector<ShapeNode>& below = step.element ? node->elements : node->members;
        auto found = std::ranges::find(below, step.key, &ShapeNode::key);
        if (found == below.end()) {
            below.emplace_back().key = step.key;
            found = below.end() - 1;
        }
        node = &*found;
    }
    return *node;
}

ShapeNode::Names namesOf(std::string_view name)
{
    using enum ShapeNode::Names;
    return name == "stores"      ? Stores
        : name == "store-arns"   ? StoreArns
        : name == "keys"         ? Keys
        : name == "encoded-keys" ? EncodedKeys
        : name == "sizes"        ? Sizes
                                 : None;
}

void describe(ShapeNode& node, const JsonValue& field, const JsonValue& lists)
{
    node.note = textOf(field, "note");
    node.names = namesOf(textOf(field, "names"));
    node.storeAt = textOf(field, "bucket");
    node.keyAt = textOf(field, "key");
    const auto open = field.find("open");
    node.open = open && open->boolean();
    if (const auto example = field.find("example"); example && node.example.empty())
        node.learn(*example);
    auto values = field.find("values");
    if (values && values->isString())
        values = lists.find(values->string());
    if (values && values->isArray())
        for (const JsonValue& value : values->elements())
            node.values.push_back(value.compact());
}

EventShapeInfo shapeOf(const std::string& id, const JsonValue& described)
{
    EventShapeInfo shape;
    shape.id = id;
    shape.title = textOf(described, "title");
    const auto signs = described.find("recognise");
    for (const JsonValue& sign : signs ? signs->elements() : std::vector<JsonValue>()) {
        std::vector<JsonFact>& facts = shape.signs.emplace_back();
        for (const JsonMember& member : sign.members())
            facts.push_back(
                {member.key, member.value.isString() ? member.value.string() : std::string()});
    }
    return shape;
}

} // namespace

const ShapeNode* ShapeNode::find(std::string_view member) const
{
    const auto found = std::ranges::find(members, member, &ShapeNode::key);
    return found == members.end() ? nullptr : &*found;
}

const ShapeNode* ShapeNode::at(const JsonPath& path) const
{
    const ShapeNode* node = this;
    for (const JsonStep& step : path) {
        const ShapeNode* named = step.element ? nullptr : node->find(step.key);
        const std::vector<ShapeNode>& any = step.element ? node->elements : node->others;
        node = named ? named : any.empty() ? nullptr : &any.front();
        if (!node)
            return nullptr;
    }
    return node;
}

void ShapeNode::learn(const JsonValue& value, int level)
{
    if (example.empty())
        example = value.compact();
    object = object || value.isObject();
    list = list || value.isArray();
    text = text || value.isString();
    if (level >= kMostLevels)
        return;
    if (value.isArray()) {
        for (const JsonValue& element : value.elements()) {
            if (elements.empty())
                elements.emplace_back();
            elements.front().learn(element, level + 1);
        }
    } else if (value.isObject()) {
        for (const JsonMember& member : value.members()) {
            auto known = std::ranges::find(members, member.key, &ShapeNode::key);
            if (known == members.end()) {
                if (members.size() >= kMostMembers)
                    return;
                members.emplace_back().key = member.key;
                known = members.end() - 1;
            }
            known->learn(member.value, level + 1);
        }
    }
}

Result<EventShapes> EventShapes::load(const std::string& resourceFolder)
{
    const std::string folder = resourceFolder + "/events/";
    const auto described = read(folder + "shapes.json");
    if (!described)
        return tl::unexpected(described.error());
    const auto index = read(folder + "index.json");
    if (!index)
        return tl::unexpected(index.error());
    const auto shapes = described->root().find("shapes");
    const auto lists = described->root().find("values");
    const auto templates = index->root().find("templates");
    if (!shapes || !lists || !templates)
        return tl::unexpected(Error{.code = Error::Code::Malformed,
                                    .message = "shapes, values or templates are missing",
                                    .file = folder});
    EventShapes loaded;
    for (const JsonMember& shape : shapes->members())
        loaded.m_shapes.push_back(shapeOf(shape.key, shape.value));
    for (const JsonValue& entry : templates->elements()) {
        const std::string id = textOf(entry, "shape");
        const auto shape = std::ranges::find(loaded.m_shapes, id, &EventShapeInfo::id);
        const auto event = read(folder + textOf(entry, "file"));
        if (!event)
            return tl::unexpected(event.error());
        // The plain one is the user's own: there is nothing to know of it.
        if (shape != loaded.m_shapes.end() && !shape->signs.empty())
            shape->root.learn(event->root());
    }
    for (EventShapeInfo& shape : loaded.m_shapes)
        if (const auto fields = shapes->find(shape.id)->find("fields"))
            for (const JsonMember& field : fields->members())
                describe(nodeAt(shape.root, stepsOf(field.key)), field.value, *lists);
    return loaded;
}

const EventShapeInfo* EventShapes::find(std::string_view id) const
{
    const auto found = std::ranges::find(m_shapes, id, &EventShapeInfo::id);
    return found == m_shapes.end() ? nullptr : &*found;
}

const EventShapeInfo* EventShapes::recognise(const std::vector<JsonFact>& facts) const
{
    std::vector<JsonFact> plain;
    plain.reserve(facts.size());
    for (const JsonFact& fact : facts)
        if (std::ranges::count(fact.path, '.') <= 2) // signs stand near the top
            plain.push_back({withoutIndices(fact.path), fact.value});
    const auto holds = [&plain](const std::vector<JsonFact>& sign) {
        return std::ranges::all_of(sign, [&plain](const JsonFact& wanted) {
            return std::ranges::any_of(plain, [&wanted](const JsonFact& fact) {
                return fact.path == wanted.path
                    && (wanted.value.empty() || fact.value == wanted.value);
            });
        });
    };
    const auto shown = std::ranges::find_if(m_shapes, [&holds](const EventShapeInfo& shape) {
        return std::ranges::any_of(shape.signs, holds);
    });
    return shown == m_shapes.end() ? nullptr : &*shown;
}

bool EventShapes::possible(const EventShapeInfo& shape, const std::vector<JsonFact>& facts)
{
    return std::ranges::all_of(facts, [&shape](const JsonFact& fact) {
        const ShapeNode* node = &shape.root;
        for (const JsonStep& step : stepsOf(withoutIndices(fact.path))) {
            if (node->open)
                return true;
            node = step.element ? (node->elements.empty() ? nullptr : &node->elements.front())
                                : node->find(step.key);
            if (!node)
                return false;
        }
        return true;
    });
}

} // namespace coldframe::ui

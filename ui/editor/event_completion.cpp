#include "ui/editor/event_completion.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

#include "model/json_text.h"
#include "sources/event_text.h"
#include "sources/file_event.h"
#include "ui/editor/completion_words.h"
#include "ui/editor/json_format.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kMost = 200;
constexpr std::size_t kNowhere = std::string_view::npos;

std::string tr(const char* source)
{
    return QCoreApplication::translate("EventCompletion", source).toStdString();
}

struct Source {
    const ShapeNode* node;
    std::string title; ///< of the shape; empty when there is no doubt about it
};

/// The path with which an event of records begins: "Records[3]".
std::string recordOf(const JsonPath& path)
{
    return path.size() >= 2 && path[1].element ? pathText({path[0], path[1]}, true) + '.' : "";
}

std::string factAt(const JsonPlace& place, const std::string& path)
{
    const std::string whole = recordOf(place.path) + path;
    const auto fact = std::ranges::find(place.facts, whole, &JsonFact::path);
    return fact == place.facts.end() ? std::string() : fact->value;
}

class Completer {
public:
    Completer(std::string_view text, std::size_t cursor, const CompletionKnowledge& knowledge,
              bool asked)
        : m_text(text), m_cursor(std::min(cursor, text.size())), m_knowledge(knowledge),
          m_asked(asked), m_place(jsonPlaceAt(text, cursor))
    { }
    Completions complete();

private:
    std::vector<Source> sources() const;
    bool variables();
    void keys();
    void values();
    void names(const ShapeNode& node);
    void objects(const ShapeNode& node);
    void addKey(const ShapeNode& node, const std::string& note);
    void addValue(const std::string& json, const std::string& note);
    std::string indented(const std::string& json) const;
    std::string filled(const ShapeNode& node, const JsonValue& example) const;
    std::string exampleOf(const ShapeNode& node) const;
    void choose();

    std::string_view m_text;
    std::size_t m_cursor;
    const CompletionKnowledge& m_knowledge;
    bool m_asked;
    JsonPlace m_place;
    Completions m_found;
};

Completions Completer::complete()
{
    if (m_place.kind == JsonPlace::Kind::Nothing || (!m_asked && !m_place.inString) || variables())
        return std::move(m_found);
    if (m_place.kind == JsonPlace::Kind::Key)
        keys();
    else
        values();
    choose();
    return std::move(m_found);
}

/// What tells of this place, and of which shape it is where several could be meant.
std::vector<Source> Completer::sources() const
{
    std::vector<Source> found;
    const auto add = [&](const ShapeNode& root, const std::string& title) {
        if (const ShapeNode* node = root.at(m_place.path))
            found.push_back({node, title});
    };
    const auto seen = [&](const std::string& shape) {
        if (const auto known = m_knowledge.seen.find(shape); known != m_knowledge.seen.end())
            add(known->second, {});
    };
    if (!m_knowledge.shapes) {
        seen({});
        return found;
    }
    if (const EventShapeInfo* shape = m_knowledge.shapes->recognise(m_place.facts)) {
        add(shape->root, {});
        seen(shape->id);
        return found;
    }
    std::vector<const EventShapeInfo*> could;
    for (const std::string& id : m_knowledge.triggerShapes)
        if (const EventShapeInfo* shape = m_knowledge.shapes->find(id);
            shape && EventShapes::possible(*shape, m_place.facts))
            could.push_back(shape);
    seen({});
    if (could.empty() && found.empty())
        for (const EventShapeInfo& shape : m_knowledge.shapes->all())
            if (EventShapes::possible(shape, m_place.facts))
                could.push_back(&shape);
    for (const EventShapeInfo* shape : could) {
        add(shape->root, could.size() > 1 ? shape->title : std::string());
        seen(shape->id);
    }
    return found;
}

/// True when it is a variable that is being typed.
bool Completer::variables()
{
    if (!m_knowledge.variables || !m_place.inString || m_place.kind != JsonPlace::Kind::Value)
        return false;
    const std::size_t braces = m_place.typed.rfind("{{");
    if (braces == kNowhere)
        return false;
    const std::string name = m_place.typed.substr(braces + 2);
    if (!std::ranges::all_of(name, [](char c) { return c >= 'a' && c <= 'z'; }))
        return false;
    const std::array<std::pair<std::string, std::string>, 3> known{
        {{"now", tr("time of sending, UTC, to the millisecond")},
         {"uuid", tr("a random UUID, new with each sending")},
         {"counter", tr("1, 2, 3 … of this run; alone in a string a number")}}};
    const std::size_t from = m_cursor - name.size() - 2;
    std::size_t to = m_cursor;
    while (to < m_text.size() && m_text[to] == '}' && to < m_cursor + 2)
        ++to;
    for (const auto& [variable, note] : known) {
        const std::string whole = "{{" + variable + "}}";
        if (variable.starts_with(name))
            m_found.list.push_back({whole, note, whole, from, to, whole.size(), whole.size()});
    }
    return true;
}

void Completer::keys()
{
    for (const Source& source : sources())
        for (const ShapeNode& member : source.node->members) {
            std::string note = noteOf(member);
            if (!source.title.empty())
                note = note.empty() ? source.title : source.title + ": " + note;
            // What the shape says of a key is said once; several shapes say each their own.
            if (!source.title.empty()
                || std::ranges::count(m_found.list, member.key, &Suggestion::label) == 0)
                addKey(member, note);
        }
}

/// JSON laid out for where the cursor stands: further lines are as deep as its line.
std::string Completer::indented(const std::string& json) const
{
    const auto parsed = parseJson(json, {});
    std::string laidOut = parsed ? formatJson(*parsed) : json;
    while (!laidOut.empty() && laidOut.back() == '\n')
        laidOut.pop_back();
    const std::size_t newline = m_text.substr(0, m_place.from).rfind('\n');
    const std::size_t line = newline == kNowhere ? 0 : newline + 1;
    const std::size_t first = std::min(m_text.find_first_not_of(" \t", line), m_place.from);
    const std::string indent(m_text.substr(line, std::max(first, line) - line));
    for (std::size_t at = laidOut.find('\n'); at != kNowhere; at = laidOut.find('\n', at + 1))
        laidOut.insert(at + 1, indent);
    return laidOut;
}

/// An example with the workspace's store in place of the template's.
std::string Completer::filled(const ShapeNode& node, const JsonValue& example) const
{
    using enum ShapeNode::Names;
    if (example.isString() && !m_knowledge.stores.empty()
        && (node.names == Stores || node.names == StoreArns))
        return sources::jsonString((node.names == Stores ? "" : "arn:aws:s3:::")
                                   + m_knowledge.stores.front());
    std::string parts;
    const auto add = [&parts](const std::string& part) { parts += (parts.empty() ? "" : ",") + part; };
    if (example.isObject()) {
        for (const JsonMember& member : example.members()) {
            const ShapeNode* below = node.find(member.key);
            add(sources::jsonString(member.key) + ':'
                + (below ? filled(*below, member.value) : member.value.compact()));
        }
        return '{' + parts + '}';
    }
    if (example.isArray() && !node.elements.empty()) {
        for (const JsonValue& element : example.elements())
            add(filled(node.elements.front(), element));
        return '[' + parts + ']';
    }
    return example.compact();
}

/// The value that comes with a key: what the workspace has, else the template's.
std::string Completer::exampleOf(const ShapeNode& node) const
{
    if (const auto example = parseJson(node.example, {}))
        return filled(node, example->root());
    return node.object ? "{}" : node.list ? "[]" : R"("")";
}

void Completer::addKey(const ShapeNode& node, const std::string& note)
{
    if (std::ranges::count(m_place.siblings, node.key) > 0)
        return;
    Suggestion key{node.key, note, {}, m_place.from, m_place.to, 0, 0};
    if (m_place.commaAt) { // from there, so that one undo takes all of it back
        key.from = *m_place.commaAt;
        key.insert = ',';
        key.insert += m_text.substr(key.from, m_place.from - key.from);
    }
    key.insert += sources::jsonString(node.key);
    key.selectFrom = key.selectTo = key.insert.size();
    if (!m_place.hasColon) {
        key.insert += ": ";
        const std::size_t begin = key.insert.size();
        key.insert += indented(exampleOf(node));
        key.selectFrom = key.selectTo = key.insert.size();
        if (!node.object && !node.list) { // typing goes on with the value
            const std::size_t quote = key.insert[begin] == '"' ? 1 : 0;
            key.selectFrom = begin + quote;
            key.selectTo = key.insert.size() - quote;
        }
        if (m_place.commaAfter)
            key.insert += ',';
    }
    m_found.list.push_back(std::move(key));
}

void Completer::addValue(const std::string& json, const std::string& note)
{
    Suggestion value{withoutQuotes(json), note, indented(json), m_place.from, m_place.to, 0, 0};
    if (m_place.inString && json.front() != '"')
        return; // quotes that stand there say that it is a text
    if (!value.label.empty() && (json.front() == '{' || json.front() == '['))
        value.label = shortened(value.label);
    value.selectFrom = value.selectTo = value.insert.size();
    if (m_place.commaAfter)
        value.insert += ',';
    m_found.list.push_back(std::move(value));
}

void Completer::values()
{
    const std::vector<Source> known = sources();
    for (const Source& source : known) {
        const ShapeNode& node = *source.node;
        names(node);
        for (const std::string& value : node.values)
            addValue(value, node.values.size() == 1 ? node.note : source.title);
        if (!node.example.empty() && std::ranges::count(node.values, node.example) == 0)
            addValue(exampleOf(node), tr("example"));
    }
    const bool text = known.empty()
        || std::ranges::any_of(known, [](const Source& source) { return source.node->text; });
    if (text && m_asked && m_knowledge.variables)
        for (const char* variable : {"\"{{now}}\"", "\"{{uuid}}\"", "\"{{counter}}\""})
            addValue(variable, tr("filled in with each sending"));
}

void Completer::names(const ShapeNode& node)
{
    using enum ShapeNode::Names;
    if (node.names == Stores || node.names == StoreArns)
        for (const std::string& store : m_knowledge.stores)
            addValue(
                sources::jsonString(node.names == Stores ? store : "arn:aws:s3:::" + store),
                tr("store of this workspace"));
    else if (node.names != None)
        objects(node);
}

void Completer::objects(const ShapeNode& node)
{
    const bool encoded = node.names == ShapeNode::Names::EncodedKeys;
    const std::string store = factAt(m_place, node.storeAt);
    if (std::ranges::count(m_knowledge.stores, store) == 0)
        return;
    const bool sizes = node.names == ShapeNode::Names::Sizes;
    const std::string wanted = sizes ? decodedKey(factAt(m_place, node.keyAt))
        : encoded                    ? decodedKey(m_place.typed)
                                     : m_place.typed;
    const ObjectQuery query{store, wanted.substr(0, wanted.rfind('/') + 1)};
    const auto listed = m_knowledge.objects.find(query);
    if (listed == m_knowledge.objects.end()) {
        m_found.wanted.push_back(query);
        return;
    }
    for (const ObjectName& object : listed->second) {
        const std::string size = std::to_string(object.bytes);
        if (!sizes)
            addValue(sources::jsonString(encoded ? sources::urlEncodedKey(object.key) : object.key),
                     QCoreApplication::translate("EventCompletion", "%1 bytes in “%2”")
                         .arg(text(size), text(store))
                         .toStdString());
        else if (object.key == wanted || object.key == factAt(m_place, node.keyAt))
            addValue(size, tr("bytes of this object"));
    }
}

/// Those that what is typed stands for, each once.
void Completer::choose()
{
    std::vector<Suggestion> begin, middle;
    std::string chosenBy = m_place.typed;
    const std::string_view token = m_text.substr(m_place.from, m_place.to - m_place.from);
    // Asked for in a finished word, it is the others that are wanted.
    if (m_asked && withoutQuotes(token) == chosenBy
        && std::ranges::count(m_found.list, chosenBy, &Suggestion::label) > 0) {
        std::erase_if(m_found.list, [&](const Suggestion& one) { return one.label == chosenBy; });
        chosenBy.clear();
    }
    const auto known = [](const std::vector<Suggestion>& list, const Suggestion& one) {
        return std::ranges::any_of(list, [&one](const Suggestion& other) {
            return other.label == one.label && other.insert == one.insert;
        });
    };
    for (Suggestion& one : m_found.list) {
        if (begin.size() >= kMost)
            break;
        if (startsLike(one.label, chosenBy)) {
            if (!known(begin, one))
                begin.push_back(std::move(one));
        } else if (middle.size() < kMost && holdsLike(one.label, chosenBy)
                   && !known(middle, one)) {
            middle.push_back(std::move(one));
        }
    }
    std::ranges::move(middle, std::back_inserter(begin));
    begin.resize(std::min(begin.size(), kMost));
    m_found.list = std::move(begin);
}

} // namespace

Completions completionsAt(std::string_view text, std::size_t cursor,
                          const CompletionKnowledge& knowledge, bool asked)
{
    return Completer(text, cursor, knowledge, asked).complete();
}

} // namespace coldframe::ui

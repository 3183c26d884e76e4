#include "ui/editor/event_knowledge.h"

#include <QFile>

#include <algorithm>
#include <utility>

#include "model/json_text.h"
#include "ui/editor/event_catalog.h"
#include "ui/editor/function_templates.h"
#include "ui/stores/store_names.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kMostObjects = 500;
constexpr int kMostTestEvents = 100;
constexpr qint64 kLargestLearned = 256 * 1024; ///< bytes of one test event

/// The keys of these events, by the shape each shows.
std::map<std::string, ShapeNode> learned(const QList<EventEntry>& events, const EventShapes& shapes)
{
    std::map<std::string, ShapeNode> seen;
    int read = 0;
    for (const EventEntry& entry : events) {
        QFile file(entry.path);
        if (read == kMostTestEvents || file.size() > kLargestLearned
            || !file.open(QFile::ReadOnly))
            continue;
        ++read;
        const auto parsed = parseJson(file.readAll().toStdString(), {});
        if (!parsed)
            continue;
        const JsonPlace whole = jsonPlaceAt(parsed->text(), parsed->text().size());
        const EventShapeInfo* shape = shapes.recognise(whole.facts);
        seen[shape ? shape->id : std::string()].learn(parsed->root());
    }
    return seen;
}

} // namespace

EventKnowledge::EventKnowledge(QString resourceFolder, QObject* parent)
    : QObject(parent), m_resources(std::move(resourceFolder))
{
    m_pool.setMaxThreadCount(1);
}

EventKnowledge::~EventKnowledge()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void EventKnowledge::setFunction(std::shared_ptr<const Workspace> workspace, const QString& folder,
                                 const QString& function)
{
    m_workspace = std::move(workspace);
    m_folder = folder;
    m_function = function;
    m_prepared = false;
    ++m_number;
}

/// Without them there is nothing to suggest but keys of other test events.
void EventKnowledge::loadShapes()
{
    if (std::exchange(m_shapesRead, true))
        return;
    auto shapes = EventShapes::load(m_resources.toStdString());
    if (!shapes)
        return;
    m_shapes = std::move(*shapes);
    m_known.shapes = &m_shapes;
}

void EventKnowledge::prepare()
{
    m_known.objects.clear(); // files come and go
    m_listing.clear();
    loadShapes();
    if (std::exchange(m_prepared, true))
        return;
    m_known.triggerShapes.clear();
    m_known.stores.clear();
    m_known.seen.clear();
    if (m_workspace) {
        const std::string function = m_function.toStdString();
        for (const FunctionTemplate& event : functionTemplates(*m_workspace, function))
            if (!event.shape.empty() && std::ranges::count(m_known.triggerShapes, event.shape) == 0)
                m_known.triggerShapes.push_back(event.shape);
        std::vector<std::string>& stores = m_known.stores;
        for (const Trigger& trigger : m_workspace->triggers)
            if (const auto* file = std::get_if<FileTrigger>(&trigger.kind);
                file && trigger.function == function && std::ranges::count(stores, file->store) == 0)
                stores.push_back(file->store);
        for (const Store& store : m_workspace->stores)
            if (std::ranges::count(stores, store.name) == 0)
                stores.push_back(store.name);
    }
    readTestEvents();
}

void EventKnowledge::readTestEvents()
{
    m_reading = !m_folder.isEmpty();
    if (!m_reading)
        return;
    m_pool.start([this, number = m_number, folder = m_folder, function = m_function] {
        auto seen = std::make_shared<std::map<std::string, ShapeNode>>(
            learned(eventsOf(testEvents(folder), function), m_shapes));
        QMetaObject::invokeMethod(
            this,
            [this, number, seen] {
                if (number != m_number)
                    return;
                m_reading = false;
                m_known.seen = std::move(*seen);
                Q_EMIT grown();
            },
            Qt::QueuedConnection);
    });
}

void EventKnowledge::list(const ObjectQuery& query)
{
    const Store* store = m_workspace ? m_workspace->findStore(query.store) : nullptr;
    const auto* folder = store ? std::get_if<FolderStore>(&store->kind) : nullptr;
    if (!folder || !m_listing.insert(query).second)
        return;
    m_pool.start([this, number = m_number, query, path = folder->path] {
        std::vector<ObjectName> names;
        for (const stores::Object& object : firstObjects(path, query.prefix, kMostObjects))
            names.push_back({object.key, object.bytes});
        QMetaObject::invokeMethod(
            this,
            [this, number, query, names = std::move(names)] {
                if (number != m_number || m_listing.erase(query) == 0)
                    return;
                m_known.objects[query] = names;
                Q_EMIT grown();
            },
            Qt::QueuedConnection);
    });
}

} // namespace coldframe::ui

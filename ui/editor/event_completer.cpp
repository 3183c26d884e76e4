#include "ui/editor/event_completer.h"

#include <QAbstractScrollArea>
#include <QFile>
#include <QKeyEvent>

#include <algorithm>
#include <utility>

#include "model/json_text.h"
#include "ui/editor/completion_popup.h"
#include "ui/editor/event_catalog.h"
#include "ui/editor/function_templates.h"
#include "ui/stores/store_names.h"
#include "ui/support/format.h"
#include "ui/widgets/json_view.h"

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

EventCompleter::EventCompleter(JsonView* view, QString resourceFolder)
    : QObject(view), m_view(view), m_resources(std::move(resourceFolder)),
      m_theme(&Theme::lightTheme())
{
    m_pool.setMaxThreadCount(1);
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, [this] {
        if (m_next != Session::Closed)
            start(std::exchange(m_next, Session::Closed));
        else if (m_session != Session::Closed)
            update();
    });
    const auto look = [this] {
        if (m_session != Session::Closed)
            m_soon.start();
    };
    connect(view, &JsonView::textChanged, this, look);
    connect(view, &JsonView::cursorMoved, this, look);
    connect(view, &JsonView::characterTyped, this, &EventCompleter::typed);
    view->focusProxy()->installEventFilter(this); // before the editor's own
    if (auto* area = qobject_cast<QAbstractScrollArea*>(view->focusProxy()))
        area->viewport()->installEventFilter(this); // the mouse
}

EventCompleter::~EventCompleter()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void EventCompleter::setTheme(const Theme& theme)
{
    m_theme = &theme;
    if (m_popup)
        m_popup->setTheme(theme);
}

void EventCompleter::setFunction(std::shared_ptr<const Workspace> workspace, const QString& folder,
                                 const QString& function)
{
    close();
    m_workspace = std::move(workspace);
    m_folder = folder;
    m_function = function;
    m_prepared = false;
    ++m_number;
}

bool EventCompleter::isOpen() const
{
    return m_popup && m_popup->isVisible();
}

CompletionPopup* EventCompleter::popup()
{
    if (!m_popup) {
        m_popup = new CompletionPopup(m_view);
        m_popup->setTheme(*m_theme);
        connect(m_popup, &CompletionPopup::picked, this, &EventCompleter::accept);
    }
    return m_popup;
}

/// Without them there is nothing to suggest but keys of other test events.
bool EventCompleter::loadShapes()
{
    if (std::exchange(m_shapesRead, true))
        return m_knowledge.shapes != nullptr;
    auto shapes = EventShapes::load(m_resources.toStdString());
    if (!shapes)
        return false;
    m_shapes = std::move(*shapes);
    m_knowledge.shapes = &m_shapes;
    return true;
}

void EventCompleter::prepare()
{
    loadShapes();
    if (std::exchange(m_prepared, true))
        return;
    m_knowledge.triggerShapes.clear();
    m_knowledge.stores.clear();
    m_knowledge.seen.clear();
    if (m_workspace) {
        const std::string function = m_function.toStdString();
        for (const FunctionTemplate& event : functionTemplates(*m_workspace, function))
            if (!event.shape.empty() && std::ranges::count(m_knowledge.triggerShapes, event.shape) == 0)
                m_knowledge.triggerShapes.push_back(event.shape);
        std::vector<std::string>& stores = m_knowledge.stores;
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

void EventCompleter::readTestEvents()
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
                m_knowledge.seen = std::move(*seen);
                if (m_session != Session::Closed)
                    update();
            },
            Qt::QueuedConnection);
    });
}

void EventCompleter::list(const ObjectQuery& query)
{
    const Store* store = m_workspace ? m_workspace->findStore(query.store) : nullptr;
    const auto* folder = store ? std::get_if<FolderStore>(&store->kind) : nullptr;
    if (!folder || !m_asked.insert(query).second)
        return;
    m_pool.start([this, number = m_number, query, path = folder->path] {
        std::vector<ObjectName> names;
        for (const stores::Object& object : firstObjects(path, query.prefix, kMostObjects))
            names.push_back({object.key, object.bytes});
        QMetaObject::invokeMethod(
            this,
            [this, number, query, names = std::move(names)] {
                if (number != m_number || m_asked.erase(query) == 0)
                    return;
                m_knowledge.objects[query] = names;
                if (m_session != Session::Closed)
                    update();
            },
            Qt::QueuedConnection);
    });
}

void EventCompleter::typed(int character)
{
    const qsizetype at = m_view->cursor();
    if (character == '"' && m_session == Session::Closed)
        m_next = Session::Typing;
    else if (character == '{' && at >= 2 && m_view->utf8().mid(at - 2, 2) == "{{")
        m_next = Session::Typing;
    else
        return;
    m_soon.start();
}

void EventCompleter::start(Session session)
{
    prepare();
    m_knowledge.objects.clear(); // files come and go
    m_asked.clear();
    m_session = session;
    update();
}

void EventCompleter::update()
{
    if (m_view->hasSelection() || !m_view->focusProxy()->hasFocus())
        return close();
    const QByteArray text = m_view->utf8();
    const std::string_view bytes(text.constData(), static_cast<std::size_t>(text.size()));
    const Completions found = completionsAt(bytes, static_cast<std::size_t>(m_view->cursor()),
                                            m_knowledge, m_session == Session::Asked);
    for (const ObjectQuery& query : found.wanted)
        list(query);
    if (!found.list.empty()) {
        QRect place = m_view->rectAt(m_view->cursor());
        const auto from = static_cast<qsizetype>(found.list.front().from);
        const QRect begin = m_view->rectAt(from);
        if (begin.top() == place.top()) // below the word, unless it is on another line
            place = begin;
        place.moveTopLeft(m_view->mapToGlobal(place.topLeft()));
        popup()->present(found.list, place);
    } else if (found.wanted.empty() && !m_reading) {
        close();
    } else if (m_popup) {
        m_popup->hide();
    }
}

void EventCompleter::close()
{
    m_session = m_next = Session::Closed;
    if (m_popup)
        m_popup->hide();
}

void EventCompleter::accept()
{
    const Suggestion* chosen = isOpen() ? m_popup->chosen() : nullptr;
    if (!chosen)
        return close();
    const Suggestion suggestion = *chosen;
    close(); // the change that follows is none that is typed
    m_view->replaceBytes(static_cast<qsizetype>(suggestion.from),
                         static_cast<qsizetype>(suggestion.to),
                         QByteArray::fromStdString(suggestion.insert),
                         static_cast<qsizetype>(suggestion.selectFrom),
                         static_cast<qsizetype>(suggestion.selectTo));
}

/// True when the key was for the list.
bool EventCompleter::takeKey(int key)
{
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        m_popup->step(key == Qt::Key_Up ? -1 : 1);
        return true;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        m_popup->step(key == Qt::Key_PageUp ? -m_popup->rowsOnPage() : m_popup->rowsOnPage());
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
        accept();
        return true;
    case Qt::Key_Escape:
        close();
        return true;
    default:
        return false;
    }
}

bool EventCompleter::eventFilter(QObject* watched, QEvent* event)
{
    const bool override = event->type() == QEvent::ShortcutOverride;
    if (override || event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const Qt::KeyboardModifiers modifiers = key->modifiers() & ~Qt::KeypadModifier;
        const bool asks = modifiers == Qt::ControlModifier && key->key() == Qt::Key_Space;
        static constexpr int kListKeys[] = {Qt::Key_Up, Qt::Key_Down, Qt::Key_PageUp,
                                            Qt::Key_PageDown, Qt::Key_Return, Qt::Key_Enter,
                                            Qt::Key_Tab, Qt::Key_Escape};
        const bool ours = isOpen() && modifiers == Qt::NoModifier
            && std::ranges::count(kListKeys, key->key()) > 0;
        if (override && (asks || ours)) {
            event->accept(); // no shortcut of the window may take it
            return true;
        }
        if (asks) {
            start(Session::Asked);
            return true;
        }
        if (ours)
            return takeKey(key->key());
        static constexpr int kLeaving[] = {Qt::Key_Left, Qt::Key_Right, Qt::Key_Home, Qt::Key_End};
        const bool leaves = std::ranges::count(kLeaving, key->key()) > 0
            || (modifiers.testFlag(Qt::ControlModifier) && !key->text().isEmpty());
        if (!override && leaves)
            close();
    } else if (event->type() == QEvent::FocusOut || event->type() == QEvent::Hide
               || event->type() == QEvent::MouseButtonPress || event->type() == QEvent::Wheel) {
        close();
    }
    return QObject::eventFilter(watched, event);
}

} // namespace coldframe::ui

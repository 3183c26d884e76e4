#include "ui/editor/event_completer.h"

#include <QAbstractScrollArea>
#include <QKeyEvent>

#include <algorithm>
#include <utility>

#include "ui/editor/completion_popup.h"
#include "ui/editor/event_knowledge.h"
#include "ui/widgets/json_view.h"

namespace coldframe::ui {

EventCompleter::EventCompleter(JsonView* view, const QString& resourceFolder)
    : QObject(view), m_view(view), m_knowledge(new EventKnowledge(resourceFolder, this)),
      m_theme(&Theme::lightTheme())
{
    connect(m_knowledge, &EventKnowledge::grown, this, [this] {
        if (m_session != Session::Closed)
            update();
    });
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
    m_knowledge->setFunction(std::move(workspace), folder, function);
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
    if (!m_given)
        m_knowledge->prepare();
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
                                            m_given ? *m_given : m_knowledge->known(),
                                            m_session == Session::Asked);
    for (const ObjectQuery& query : found.wanted)
        m_knowledge->list(query);
    if (!found.list.empty()) {
        QRect place = m_view->rectAt(m_view->cursor());
        const auto from = static_cast<qsizetype>(found.list.front().from);
        const QRect begin = m_view->rectAt(from);
        if (begin.top() == place.top()) // below the word, unless it is on another line
            place = begin;
        place.moveTopLeft(m_view->mapToGlobal(place.topLeft()));
        popup()->present(found.list, place);
    } else if (found.wanted.empty() && !m_knowledge->isReading()) {
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

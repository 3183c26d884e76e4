#pragma once

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

#include "model/workspace.h"
#include "ui/editor/event_completion.h"

namespace coldframe::ui {

class CompletionPopup;
class EventKnowledge;
class JsonView;
struct Theme;

/// Suggests keys and values while an event is typed: behind a quote, behind "{{", and with
/// Ctrl+Space anywhere. Enter and Tab are its own only while its list is open.
class EventCompleter : public QObject {
    Q_OBJECT
public:
    EventCompleter(JsonView* view, const QString& resourceFolder);

    void setTheme(const Theme& theme);
    /// What the event is for. Test events are looked at anew, when they are first needed.
    void setFunction(std::shared_ptr<const Workspace> workspace, const QString& folder,
                     const QString& function);
    /// Of a text that is no event: this is all that is known of it.
    void setKnowledge(CompletionKnowledge knowledge) { m_given = std::move(knowledge); }
    bool isOpen() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Session { Closed, Typing, Asked };
    void start(Session session);
    void update();
    void close();
    void accept();
    bool takeKey(int key);
    void typed(int character);
    CompletionPopup* popup();

    JsonView* m_view;
    CompletionPopup* m_popup = nullptr; ///< made when first needed
    EventKnowledge* m_knowledge;
    std::optional<CompletionKnowledge> m_given; ///< in its place
    const Theme* m_theme;
    Session m_session = Session::Closed, m_next = Session::Closed;
    QTimer m_soon; ///< after the editor has done with a key
};

} // namespace coldframe::ui

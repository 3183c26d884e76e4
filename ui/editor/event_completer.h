#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <map>
#include <memory>
#include <set>

#include "model/workspace.h"
#include "ui/editor/event_completion.h"

namespace coldframe::ui {

class CompletionPopup;
class JsonView;
struct Theme;

/// Suggests keys and values while an event is typed: behind a quote, behind "{{", and with
/// Ctrl+Space anywhere. Enter and Tab are its own only while its list is open.
class EventCompleter : public QObject {
    Q_OBJECT
public:
    EventCompleter(JsonView* view, QString resourceFolder);
    ~EventCompleter() override;

    void setTheme(const Theme& theme);
    /// What the event is for. Test events are looked at anew, when they are first needed.
    void setFunction(std::shared_ptr<const Workspace> workspace, const QString& folder,
                     const QString& function);
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
    void prepare();
    void readTestEvents();
    void list(const ObjectQuery& query);
    bool loadShapes();
    CompletionPopup* popup();

    JsonView* m_view;
    CompletionPopup* m_popup = nullptr; ///< made when first needed
    QString m_resources, m_folder, m_function;
    const Theme* m_theme;
    std::shared_ptr<const Workspace> m_workspace;
    EventShapes m_shapes;
    CompletionKnowledge m_knowledge;
    std::set<ObjectQuery> m_asked; ///< being listed
    Session m_session = Session::Closed, m_next = Session::Closed;
    bool m_shapesRead = false, m_prepared = false;
    bool m_reading = false; ///< test events: there may be suggestions yet to come
    quint64 m_number = 0; ///< of what was set last; answers for older ones are dropped
    QTimer m_soon; ///< after the editor has done with a key
    QThreadPool m_pool;
};

} // namespace coldframe::ui

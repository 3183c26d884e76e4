#pragma once

#include <QObject>
#include <QThreadPool>

#include <memory>
#include <set>

#include "model/workspace.h"
#include "ui/editor/event_completion.h"

namespace coldframe::ui {

/// Gathers what completion draws on: the shipped shapes, the workspace's names, the function's other
/// test events, objects of its stores. Test events and stores are read on a thread of its own.
class EventKnowledge : public QObject {
    Q_OBJECT
public:
    explicit EventKnowledge(QString resourceFolder, QObject* parent = nullptr);
    ~EventKnowledge() override;

    /// What the event is for; all but the shapes is forgotten.
    void setFunction(std::shared_ptr<const Workspace> workspace, const QString& folder,
                     const QString& function);
    /// Reads what is not known yet; objects are always listed anew.
    void prepare();
    /// Lists objects, unless that is under way.
    void list(const ObjectQuery& query);

    const CompletionKnowledge& known() const { return m_known; }
    /// Test events are being read: there may be suggestions yet to come.
    bool isReading() const { return m_reading; }

Q_SIGNALS:
    void grown();

private:
    void loadShapes();
    void readTestEvents();

    QString m_resources, m_folder, m_function;
    std::shared_ptr<const Workspace> m_workspace;
    EventShapes m_shapes;
    CompletionKnowledge m_known;
    std::set<ObjectQuery> m_listing;
    bool m_shapesRead = false, m_prepared = false, m_reading = false;
    quint64 m_number = 0; ///< of what was set last; answers for older ones are dropped
    QThreadPool m_pool;
};

} // namespace coldframe::ui

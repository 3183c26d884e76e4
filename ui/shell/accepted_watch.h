#pragma once

#include <QObject>

#include <optional>
#include <string>

#include "history/attempt_row.h"
#include "ui/session_bridge/session_port.h"

namespace coldframe::ui {

class ResultPane;

/// An asynchronous event is answered when it is accepted; what came of it is known later, from the
/// attempts. Shows that in place of the acceptance, for the newest one.
class AcceptedWatch : public QObject {
    Q_OBJECT
public:
    AcceptedWatch(ResultPane& results, QObject* parent) : QObject(parent), m_results(results) { }

    void setPort(SessionPort* port);
    /// An answer to something sent to this function.
    void answered(const QString& function, const session::Answer& answer);

private:
    void look(const SnapshotPtr& snapshot);

    ResultPane& m_results;
    SessionPort* m_port = nullptr;
    QString m_function;
    std::optional<history::RequestId> m_wanted;
    std::uint64_t m_from = 0; ///< rows before this one are older
};

} // namespace coldframe::ui

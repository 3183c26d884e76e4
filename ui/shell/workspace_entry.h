#pragma once

#include <QObject>

#include <functional>

class QWidget;

namespace coldframe::ui {

/// Leads from a folder that was dropped or chosen, or from nothing, to a workspace that is opened:
/// one of code is proposed as a workspace first, and nothing is written until somebody agrees.
class WorkspaceEntry : public QObject {
    Q_OBJECT
public:
    WorkspaceEntry(QWidget& window, std::function<void(const QString& folder)> open);

    void enter(const QString& path);
    void makeNew();

Q_SIGNALS:
    /// Before a dialog is shown that may end without a workspace.
    void offering();

private:
    void offer(const QString& folder);
    void refuse(const QString& folder, const QString& problem);

    QWidget& m_window;
    std::function<void(const QString&)> m_open;
};

} // namespace coldframe::ui

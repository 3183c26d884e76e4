#pragma once

#include <QByteArray>

class QMainWindow;

namespace coldframe::ui {

/// Keeps where the docks are between starts. A layout of another version is not restored: its docks
/// are not ours any more.
class LayoutKeeper {
public:
    /// Takes note of the window as it was built, which is what reset() goes back to.
    explicit LayoutKeeper(QMainWindow& window);
    void restore();
    void save();
    void reset();

private:
    QMainWindow& m_window;
    QByteArray m_built;
};

} // namespace coldframe::ui

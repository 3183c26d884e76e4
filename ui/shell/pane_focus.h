#pragma once

#include <QHash>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QWidget>

namespace coldframe::ui {

/// The window's panes in reading order: F6 goes from one to the next, to what had the focus there
/// last, and Tab goes through each before the next, whenever its parts were made.
class PaneFocus : public QObject {
    Q_OBJECT
public:
    explicit PaneFocus(QWidget& window);

    /// In order; one may lie in another. A pane's focus proxy is where the focus goes the first
    /// time.
    void setPanes(const QList<QWidget*>& panes) { m_panes = panes; }
    /// To the next pane that can be seen, or the one before.
    void move(int step);
    /// Puts what Tab goes through in order. Just before it is pressed: panes gain and lose parts.
    void arrange();

private:
    qsizetype paneOf(const QWidget* widget) const;
    QWidget* targetIn(QWidget* pane) const;
    QList<QWidget*> stops() const;

    QWidget& m_window;
    QList<QWidget*> m_panes;
    QHash<QWidget*, QPointer<QWidget>> m_last; ///< by pane
};

} // namespace coldframe::ui

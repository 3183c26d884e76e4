#pragma once

#include <QList>
#include <QWidget>

class QAction;
class QPushButton;

namespace coldframe::ui {

/// A button that is what its action is.
QPushButton* actionButton(QAction* action, QWidget* parent);

/// Buttons beside each other, in more rows where one is too narrow for all of them.
class ButtonRow : public QWidget {
public:
    explicit ButtonRow(QWidget* parent = nullptr);
    void setActions(const QList<QAction*>& actions);
    QSize sizeHint() const override; ///< in one row
    QSize minimumSizeHint() const override; ///< as high as its rows are now

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    QList<QPushButton*> m_buttons;
    int m_height = 0;
};

} // namespace coldframe::ui

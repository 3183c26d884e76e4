#pragma once

#include <QGridLayout>
#include <QList>
#include <QWidget>

namespace coldframe::ui {

class StatBox;

/// Figures beside and below each other: as many in a row as may be, fewer, but two at least, where
/// that would cut their captions, which say whether a figure is measured or modelled.
class StatGrid : public QWidget {
public:
    explicit StatGrid(QWidget* parent = nullptr, int mostColumns = 3);
    void fit(); ///< after captions changed
    StatBox* add(const QString& caption);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    QGridLayout* m_grid;
    QList<StatBox*> m_boxes;
    int m_most, m_columns;
};

} // namespace coldframe::ui

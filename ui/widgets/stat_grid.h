#pragma once

#include <QGridLayout>
#include <QList>
#include <QWidget>

namespace coldframe::ui {

class StatBox;

/// Figures beside and below each other: three in a row, or two where three would cut their
/// captions, which say whether a figure is measured or modelled.
class StatGrid : public QWidget {
public:
    explicit StatGrid(QWidget* parent = nullptr);
    StatBox* add(const QString& caption);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    QGridLayout* m_grid;
    QList<StatBox*> m_boxes;
    int m_columns = 3;
};

} // namespace coldframe::ui

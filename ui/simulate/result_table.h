#pragma once

#include <QTableView>

#include "ui/theme/theme.h"

namespace coldframe::ui {

/// A table of figures, with the roles of FiguresModel. Names and values keep the room they need;
/// with many functions it scrolls.
class ResultTable : public QTableView {
    Q_OBJECT
public:
    explicit ResultTable(QAbstractItemModel* model, QWidget* parent = nullptr);
    void setTheme(const Theme& theme);
    void fitColumns();

protected:
    void resizeEvent(QResizeEvent* event) override;
};

} // namespace coldframe::ui

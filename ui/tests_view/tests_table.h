#pragma once

#include <QTableView>

#include "ui/theme/theme.h"

namespace coldframe::ui {

class TestsModel;

/// The list of test events: a coloured word, the name, the function when there is room, the time.
class TestsTable : public QTableView {
    Q_OBJECT
public:
    explicit TestsTable(TestsModel* model, QWidget* parent = nullptr);
    void setTheme(const Theme& theme);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void measure();
};

} // namespace coldframe::ui

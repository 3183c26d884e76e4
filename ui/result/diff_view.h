#pragma once

#include <QWidget>

#include <string>
#include <vector>

#include "check/json_diff.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;
class QTableWidget;

namespace coldframe::ui {

/// What differs between two outputs. One that is not JSON differs as a whole, or not at all.
std::vector<check::JsonChange> outputChanges(const std::string& before, const std::string& after,
                                             std::size_t limit);

/// The differences of two outputs, a line for each place.
class DiffView : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kMostShown = 1000;

    explicit DiffView(QWidget* parent = nullptr);
    void setTheme(const Theme& theme);
    /// `against` says what `before` is: "the result before, of 12:03:22".
    void show(const std::string& before, const std::string& after, const QString& against);
    /// Nothing to compare with yet.
    void showNothing();
    /// Offers to compare with the result before again.
    void setPinned(bool pinned);
    using QWidget::show;

Q_SIGNALS:
    void unpinWanted();

private:
    void fill(const std::vector<check::JsonChange>& changes);
    void colour();

    QLabel* m_summary;
    QPushButton* m_unpin;
    QTableWidget* m_table;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

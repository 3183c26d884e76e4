#pragma once

#include <QWidget>

#include <vector>

namespace coldframe::ui {

/// Widgets beside each other; those that find no room in a line go into the next. Without height
/// for width, which scroll areas and docks do not ask for.
class WrapRow : public QWidget {
public:
    explicit WrapRow(QWidget* parent = nullptr, int spacing = 6);

    /// One that stretches takes what its line has left; it may be as narrow as its minimum.
    void add(QWidget* widget, bool stretches = false);
    /// Lines of like length: for fields that are of one kind.
    void setEven(bool even) { m_even = even; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Item {
        QWidget* widget;
        bool stretches;
        int least() const; ///< width
    };
    using Line = std::vector<Item>;
    std::vector<Line> lines() const;
    std::vector<Line> broken(std::size_t most) const; ///< with so many in a line at most
    int placeLine(const Line& line, int y) const; ///< returns its height
    void arrange();

    std::vector<Item> m_items;
    int m_spacing, m_height = 0;
    bool m_even = false;
};

} // namespace coldframe::ui

#pragma once

#include <QAbstractScrollArea>

#include <memory>

#include "ui/charts/lane_layout.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

/// One lane per instance over the last 120 s: how it started, initialised, worked, idled and
/// retired. The newest is at the bottom, where the view stays unless it was scrolled away.
class LanesView : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit LanesView(QWidget* parent = nullptr);

    void showSnapshot(std::shared_ptr<const session::Snapshot> snapshot);
    void setTheme(const Theme& theme);
    const LaneSummary& summary() const { return m_summary; }

    /// Where the drawing of a lane's moment lies in the viewport, for tests.
    QPoint pointOf(std::uint32_t instance, TimePoint at) const;
    /// "i-07 · thumbnails\nwork, 412.8 ms\n…" of what lies there; empty when nothing does.
    QString describe(QPoint position) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// Work was clicked.
    void invocationActivated(std::uint32_t serial);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    struct Hit {
        const session::Lane* lane = nullptr;
        const session::Span* span = nullptr;
    };
    void measure();
    void updateScrollRange();
    LaneScale scale() const;
    int rowTop(std::size_t row) const;
    QRect lanesArea() const;
    Hit hit(QPoint position) const;
    std::uint32_t workAt(QPoint position) const;
    void paintRows(QPainter& painter);
    void paintMarks(QPainter& painter);
    QString markAt(QPoint position) const;
    void paintFoot(QPainter& painter);
    void paintHint(QPainter& painter);

    std::shared_ptr<const session::Snapshot> m_snapshot;
    std::vector<LaneRow> m_rows; ///< point into the snapshot
    LaneSummary m_summary;
    std::vector<LaneBlock> m_blocks; ///< reused by every paint
    const Theme* m_theme = &Theme::lightTheme();
    int m_rowHeight = 11, m_labelWidth = 30, m_footHeight = 14, m_rightMargin = 12;
    std::uint32_t m_pressed = 0; ///< invocation the mouse went down on
};

} // namespace coldframe::ui

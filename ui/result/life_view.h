#pragma once

#include <QWidget>

#include "ui/result/life_stages.h"

class QFontMetrics;

namespace coldframe::ui {

/// How a row is divided. Where name, bar and value do not fit beside each other, the bar lies
/// below.
struct LifeColumns {
    int name = 0, bar = 0, value = 0, origin = 0;
    bool stacked = false;
};
LifeColumns lifeColumns(const QList<LifeStage>& stages, const QFontMetrics& metrics, int width);

/// The life of one event, stage by stage, as a waterfall on one axis of time.
class LifeView : public QWidget {
    Q_OBJECT
public:
    explicit LifeView(QWidget* parent = nullptr);
    void setStages(QList<LifeStage> stages);
    const QList<LifeStage>& stages() const { return m_stages; }
    void setTheme(const Theme& theme);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// Goes through it from top to bottom, drawing if there is a painter. Returns the height.
    int walk(int width, QPainter* painter) const;
    int rowHeight(const LifeRow& row, const LifeColumns& columns) const;
    int noteHeight(const QString& note, int width) const;
    void paintCaption(QPainter& painter, const LifeStage& stage, const QRect& line) const;
    void paintRow(QPainter& painter, const LifeRow& row, const QRect& line,
                  const LifeColumns& columns) const;
    void paintBar(QPainter& painter, const LifeRow& row, const QRectF& track) const;

    const Theme* m_theme = &Theme::lightTheme();
    QList<LifeStage> m_stages;
    double m_whole = 1e-6; ///< milliseconds on the axis
};

} // namespace coldframe::ui

#pragma once

#include <QList>
#include <QWidget>

#include "model/time.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

/// One stage of an attempt. A stage nobody timed has no duration, only a word.
struct LifeStage {
    QString name;
    Duration duration{};
    QString origin; ///< "measured", "modelled"
    bool timed = true;
    bool summary = false; ///< a total, not a part of the way
    QColor Theme::*color = &Theme::busy;
};

/// The stages of an attempt one below the other, each bar beginning where the one before ended.
class LifeView : public QWidget {
    Q_OBJECT
public:
    explicit LifeView(QWidget* parent = nullptr);
    void setStages(QList<LifeStage> stages);
    const QList<LifeStage>& stages() const { return m_stages; }
    void setTheme(const Theme& theme);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int rowHeight() const;
    void paintStage(QPainter& painter, const LifeStage& stage, const QRect& row, double from,
                    double to) const;

    const Theme* m_theme = &Theme::lightTheme();
    QList<LifeStage> m_stages;
};

} // namespace coldframe::ui

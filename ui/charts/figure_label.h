#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

namespace coldframe::ui {

/// A figure and what it is of: "53 of 150 · limit". It changes several times a second, so a new
/// text asks for no new layout, as a QLabel's would; what does not fit is cut at the end.
class FigureLabel : public QWidget {
    Q_OBJECT
public:
    explicit FigureLabel(QWidget* parent = nullptr);
    void setText(const QString& figure, const QString& of);
    QString figure() const { return m_figure; }
    QString of() const { return m_of; }
    /// Of `of()`, what there is room for.
    QString shownOf() const;
    void setTheme(const Theme& theme);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int gap() const;

    QString m_figure, m_of;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

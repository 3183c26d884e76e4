#pragma once

#include <QAbstractButton>

#include "ui/theme/theme.h"

namespace coldframe::ui {

/// A small rounded choice with a count: "Errors 17".
class Chip : public QAbstractButton {
    Q_OBJECT
public:
    explicit Chip(const QString& text, QWidget* parent = nullptr);
    void setCount(const QString& count);
    QString count() const { return m_count; }
    void setTheme(const Theme& theme);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_count;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

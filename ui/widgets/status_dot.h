#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

namespace coldframe::ui {

/// A coloured dot and a word: "● Succeeded". With `strong` the word has the colour too.
class StatusDot : public QWidget {
    Q_OBJECT
public:
    explicit StatusDot(QWidget* parent = nullptr, bool strong = false);
    void setState(Tone tone, const QString& text);
    void setTheme(const Theme& theme);
    QString text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme* m_theme = &Theme::lightTheme();
    Tone m_tone = Tone::Neutral;
    QString m_text;
    bool m_strong;
};

} // namespace coldframe::ui

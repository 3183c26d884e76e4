#pragma once

#include <QObject>

#include "ui/theme/theme.h"

namespace coldframe::ui {

enum class ThemeMode { System, Light, Dark };

/// Owns the window's look: style, palette, style sheet, fonts. Switching is live.
class ThemeManager : public QObject {
    Q_OBJECT
public:
    /// Loads the fonts and takes note of what the desktop prefers. One per application.
    explicit ThemeManager(QObject* parent = nullptr);

    const Theme& theme() const { return *m_theme; }
    ThemeMode mode() const { return m_mode; }
    void setMode(ThemeMode mode);
    /// To the other of light and dark.
    void toggle();

Q_SIGNALS:
    void themeChanged(const coldframe::ui::Theme& theme);

private:
    void apply();

    bool m_systemIsDark = false;
    ThemeMode m_mode = ThemeMode::System;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

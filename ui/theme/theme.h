#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace coldframe::ui {

/// Every colour of the window, by role. A widget takes its colours from here and names none itself.
struct Theme {
    bool dark = false;
    QColor background, panel, card, border;
    QColor text, dim;
    QColor accent, accentSoft, onAccent;
    QColor good, goodSoft, warning, warningSoft, bad, badSoft, neutralSoft;
    QColor busy, idle, initialising; ///< chart series
    QColor grid, hover, selection;
    QColor jsonKey, jsonString, jsonNumber;

    static const Theme& lightTheme();
    static const Theme& darkTheme();
};

/// What a small coloured mark says. Always beside a word: colour is never the only cue.
enum class Tone { Neutral, Accent, Good, Warning, Bad };

/// The strong colour of a tone, for text and icons.
QColor toneColor(const Theme& theme, Tone tone);
/// The soft colour of a tone, for what lies behind such text.
QColor toneFill(const Theme& theme, Tone tone);

QPalette paletteOf(const Theme& theme);

/// Inter 9.5 pt, for everything but code.
QFont uiFont(double points = 9.5, QFont::Weight weight = QFont::Normal);
/// JetBrains Mono 9.5 pt; 8.5 in tables.
QFont codeFont(double points = 9.5);

} // namespace coldframe::ui

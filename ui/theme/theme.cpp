#include "ui/theme/theme.h"

namespace coldframe::ui {

const Theme& Theme::lightTheme()
{
    static const Theme theme{
        .dark = false,
        .background = "#eef1f5",
        .panel = "#f7f8fa",
        .card = "#ffffff",
        .border = "#dce1e8",
        .text = "#1b2430",
        .dim = "#6b7787",
        .accent = "#2563eb",
        .accentSoft = "#e3ecfd",
        .onAccent = "#ffffff",
        .good = "#15925a",
        .goodSoft = "#d9efe4",
        .warning = "#c27803",
        .warningSoft = "#faebd0",
        .bad = "#d3352f",
        .badSoft = "#f9dedd",
        .neutralSoft = "#e4e8ed",
        .busy = "#2563eb",
        .idle = "#9db9f5",
        .initialising = "#e0a33e",
        .grid = "#e9edf2",
        .hover = "#eef2f8",
        .selection = "#dbe7fd",
        .jsonKey = "#7c3aed",
        .jsonString = "#0f7b4f",
        .jsonNumber = "#b45309",
    };
    return theme;
}

const Theme& Theme::darkTheme()
{
    static const Theme theme{
        .dark = true,
        .background = "#14171c",
        .panel = "#1a1e25",
        .card = "#20252d",
        .border = "#2e3540",
        .text = "#dfe5ec",
        .dim = "#8b97a7",
        .accent = "#5b9dff",
        .accentSoft = "#22375a",
        .onAccent = "#0d1420",
        .good = "#3fc98a",
        .goodSoft = "#1f3d34",
        .warning = "#e5a93c",
        .warningSoft = "#44391f",
        .bad = "#f0645c",
        .badSoft = "#4a2a2d",
        .neutralSoft = "#2c333d",
        .busy = "#5b9dff",
        .idle = "#35568c",
        .initialising = "#d9a145",
        .grid = "#2b323c",
        .hover = "#272d37",
        .selection = "#27405f",
        .jsonKey = "#c39bff",
        .jsonString = "#8fd6a3",
        .jsonNumber = "#f0b070",
    };
    return theme;
}

QColor toneColor(const Theme& theme, Tone tone)
{
    switch (tone) {
    case Tone::Accent:
        return theme.accent;
    case Tone::Good:
        return theme.good;
    case Tone::Warning:
        return theme.warning;
    case Tone::Bad:
        return theme.bad;
    case Tone::Neutral:
        break;
    }
    return theme.dim;
}

QColor toneFill(const Theme& theme, Tone tone)
{
    switch (tone) {
    case Tone::Accent:
        return theme.accentSoft;
    case Tone::Good:
        return theme.goodSoft;
    case Tone::Warning:
        return theme.warningSoft;
    case Tone::Bad:
        return theme.badSoft;
    case Tone::Neutral:
        break;
    }
    return theme.neutralSoft;
}

QPalette paletteOf(const Theme& theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.background);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.card);
    palette.setColor(QPalette::AlternateBase, theme.panel);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::Button, theme.card);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::BrightText, theme.bad);
    palette.setColor(QPalette::Highlight, theme.selection);
    palette.setColor(QPalette::HighlightedText, theme.text);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    palette.setColor(QPalette::PlaceholderText, theme.dim);
    palette.setColor(QPalette::ToolTipBase, theme.card);
    palette.setColor(QPalette::ToolTipText, theme.text);
    // Fusion draws its bevels from these; left alone they stay light in a dark window.
    palette.setColor(QPalette::Light, theme.card);
    palette.setColor(QPalette::Midlight, theme.panel);
    palette.setColor(QPalette::Mid, theme.border);
    palette.setColor(QPalette::Dark, theme.border);
    palette.setColor(QPalette::Shadow, theme.border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, theme.dim);
    return palette;
}

QFont uiFont(double points, QFont::Weight weight)
{
    QFont font(QStringLiteral("Inter"));
    font.setPointSizeF(points);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QFont codeFont(double points)
{
    QFont font(QStringLiteral("JetBrains Mono"));
    font.setPointSizeF(points);
    font.setStyleHint(QFont::Monospace);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace coldframe::ui

#include "ui/theme/theme_manager.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPixmapCache>
#include <QProxyStyle>
#include <QStyleFactory>

#include "ui/theme/style_sheet.h"

// Resources of a static library are registered by hand, from outside any namespace.
static void registerResources()
{
    Q_INIT_RESOURCE(coldframe_ui);
}

namespace coldframe::ui {

namespace {

/// Fusion without the coloured pictures on the buttons of dialogs.
class PlainFusion : public QProxyStyle {
public:
    PlainFusion() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) { }
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* details) const override
    {
        if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
            return 0;
        return QProxyStyle::styleHint(hint, option, widget, details);
    }
};

} // namespace

ThemeManager::ThemeManager(QObject* parent) : QObject(parent)
{
    registerResources();
    for (const char* name : {"Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf",
                             "JetBrainsMono-Regular.ttf"})
        QFontDatabase::addApplicationFont(QStringLiteral(":/fonts/") + QLatin1String(name));

    // Qt 6.4 cannot say whether the desktop is dark; the palette it starts with can.
    const QPalette before = QApplication::palette();
    m_systemIsDark = before.color(QPalette::Window).lightness()
        < before.color(QPalette::WindowText).lightness();
    QApplication::setStyle(new PlainFusion);
    QApplication::setFont(uiFont());
    apply();
}

void ThemeManager::setMode(ThemeMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    apply();
}

void ThemeManager::toggle()
{
    setMode(m_theme->dark ? ThemeMode::Light : ThemeMode::Dark);
}

void ThemeManager::apply()
{
    const bool dark = m_mode == ThemeMode::System ? m_systemIsDark : m_mode == ThemeMode::Dark;
    m_theme = dark ? &Theme::darkTheme() : &Theme::lightTheme();
    QPixmapCache::clear();
    QApplication::setPalette(paletteOf(*m_theme));
    qApp->setStyleSheet(styleSheetOf(*m_theme));
    Q_EMIT themeChanged(*m_theme);
}

} // namespace coldframe::ui

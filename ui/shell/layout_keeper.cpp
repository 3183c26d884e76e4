#include "ui/shell/layout_keeper.h"

#include <QMainWindow>

#include "ui/shell/settings.h"

namespace coldframe::ui {

namespace {

constexpr int kLayoutVersion = 2; ///< goes up when docks are added, renamed or removed

} // namespace

LayoutKeeper::LayoutKeeper(QMainWindow& window)
    : m_window(window), m_built(window.saveState(kLayoutVersion))
{ }

void LayoutKeeper::restore()
{
    const Settings settings;
    m_window.restoreGeometry(settings.geometry());
    m_window.restoreState(settings.layout(), kLayoutVersion);
}

void LayoutKeeper::save()
{
    Settings settings;
    settings.setGeometry(m_window.saveGeometry());
    settings.setLayout(m_window.saveState(kLayoutVersion));
}

void LayoutKeeper::reset()
{
    m_window.restoreState(m_built, kLayoutVersion);
}

} // namespace coldframe::ui

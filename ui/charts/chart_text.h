#pragma once

#include <QCoreApplication>
#include <QString>

// What the charts' own files share; not for headers, as tr() is the name of members elsewhere.
namespace coldframe::ui::chart_text {

inline constexpr double kLabelPoints = 7.0; ///< font size along axes and lanes

/// Charts of the window and of exported pictures are one context of translators.
inline QString tr(const char* source)
{
    return QCoreApplication::translate("Charts", source);
}

} // namespace coldframe::ui::chart_text

#pragma once

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

namespace coldframe::ui {

/// A dock's plain heading, by which it is taken hold of. Gone while a tab says the same above it.
class DockHeading : public ElidedLabel {
public:
    DockHeading(const QString& title, QWidget* parent) : ElidedLabel(title, parent)
    {
        setFont(uiFont(9.5, QFont::DemiBold));
        setContentsMargins(14, 8, 6, 7);
    }
    void setTabbed(bool tabbed)
    {
        if (tabbed == m_tabbed)
            return;
        m_tabbed = tabbed;
        updateGeometry();
    }
    QSize sizeHint() const override { return m_tabbed ? QSize(0, 0) : ElidedLabel::sizeHint(); }
    QSize minimumSizeHint() const override
    {
        return m_tabbed ? QSize(0, 0) : ElidedLabel::minimumSizeHint();
    }

private:
    bool m_tabbed = false;
};

} // namespace coldframe::ui

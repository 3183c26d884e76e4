#pragma once

#include <QList>
#include <QScrollArea>

namespace coldframe::ui {

/// Pages of which one is in front. Where there is less room than it needs, it is scrolled: a small
/// window cuts nothing off.
class PageScroll : public QScrollArea {
public:
    explicit PageScroll(QWidget* parent = nullptr);
    ~PageScroll() override;

    void addWidget(QWidget* page); ///< the first is in front
    void setCurrentWidget(QWidget* page);
    void setCurrentIndex(int index) { setCurrentWidget(m_pages.value(index)); }
    QWidget* currentWidget() const;

    /// Room in which work goes well; below it docks at the sides give way first.
    QSize minimumSizeHint() const override;

private:
    class Holder;
    Holder* m_holder;
    QList<QWidget*> m_pages;
};

} // namespace coldframe::ui

#include "ui/widgets/page_scroll.h"

#include <QEvent>
#include <QPointer>

namespace coldframe::ui {

namespace {

constexpr int kPageLetters = 50, kPageLines = 12;

} // namespace

/// Has no layout: that would count what the pages behind need as well, and the preferred height of
/// wrapped text in place of the least one.
class PageScroll::Holder : public QWidget {
public:
    using QWidget::QWidget;

    QPointer<QWidget> current;

    QSize minimumSizeHint() const override
    {
        return current ? current->minimumSizeHint().expandedTo(current->minimumSize()) : QSize();
    }
    void fit()
    {
        if (current)
            current->setGeometry(rect());
    }

protected:
    /// The page in front needs another size now. Without a layout nobody passes that on to the
    /// scroll area, which hears only what its viewport is told.
    bool event(QEvent* event) override
    {
        if (event->type() == QEvent::LayoutRequest)
            updateGeometry();
        return QWidget::event(event);
    }
    void resizeEvent(QResizeEvent* event) override
    {
        QWidget::resizeEvent(event);
        fit();
    }
};

PageScroll::PageScroll(QWidget* parent) : QScrollArea(parent), m_holder(new Holder)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setWidget(m_holder);
    m_holder->setAutoFillBackground(false); // only after setWidget(), which sets it again
    viewport()->setAutoFillBackground(false);
}

/// The pages go after its own members.
PageScroll::~PageScroll()
{
    for (QWidget* page : m_pages)
        page->disconnect(this);
}

void PageScroll::addWidget(QWidget* page)
{
    page->setParent(m_holder);
    page->hide();
    m_pages.append(page);
    connect(page, &QObject::destroyed, this, [this, page] { m_pages.removeAll(page); });
    if (!m_holder->current)
        setCurrentWidget(page);
}

void PageScroll::setCurrentWidget(QWidget* page)
{
    QWidget* before = m_holder->current;
    if (!page || page == before)
        return;
    m_holder->current = page;
    page->setGeometry(m_holder->rect());
    page->show();
    if (before)
        before->hide();
    m_holder->updateGeometry(); // the bars go by what the page in front needs
}

QWidget* PageScroll::currentWidget() const
{
    return m_holder->current;
}

QSize PageScroll::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * kPageLetters, fontMetrics().height() * kPageLines};
}

} // namespace coldframe::ui

#pragma once

#include <QLabel>

namespace coldframe::ui {

/// Text over as many lines as it takes. Layouts count only one of them when room is short, and then
/// cut whatever stands beside it; this label asks for what it needs.
class WrappedLabel : public QLabel {
public:
    explicit WrappedLabel(QWidget* parent) : QLabel(parent) { setWordWrap(true); }
    void setText(const QString& text)
    {
        QLabel::setText(text);
        if (isVisible())
            claim();
        else
            setMinimumHeight(0); // it has no width yet: the first layout gives it one
    }

protected:
    void resizeEvent(QResizeEvent* event) override
    {
        QLabel::resizeEvent(event);
        claim();
    }

private:
    void claim()
    {
        setMinimumHeight(0); // heightForWidth() would never go below it again
        setMinimumHeight(qMax(0, heightForWidth(width()))); // -1 of an empty text
    }
};

} // namespace coldframe::ui

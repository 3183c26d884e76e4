#pragma once

#include <QLabel>
#include <QPainter>
#include <QStyle>

namespace coldframe::ui {

/// One line of text that is cut short with dots where room is short; the tool tip has all of it,
/// unless it says something of its own.
class ElidedLabel : public QLabel {
public:
    explicit ElidedLabel(const QString& text, QWidget* parent = nullptr,
                         Qt::TextElideMode mode = Qt::ElideRight)
        : QLabel(text, parent), m_mode(mode)
    {
        setTextFormat(Qt::PlainText);
    }

    QSize minimumSizeHint() const override
    {
        const QSize whole = QLabel::minimumSizeHint();
        const int least = fontMetrics().averageCharWidth() * kLeastLetters
            + contentsMargins().left() + contentsMargins().right();
        return {qMin(whole.width(), least), whole.height()};
    }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        const QRect room = contentsRect();
        if (fontMetrics().horizontalAdvance(text()) <= room.width())
            return QLabel::paintEvent(event);
        QPainter painter(this);
        style()->drawItemText(&painter, room, static_cast<int>(alignment()), palette(), isEnabled(),
                              fontMetrics().elidedText(text(), m_mode, room.width()),
                              foregroundRole());
    }
    bool event(QEvent* event) override
    {
        if (event->type() == QEvent::ToolTip && toolTip().isEmpty()
            && fontMetrics().horizontalAdvance(text()) > contentsRect().width()) {
            setToolTip(text());
            const bool shown = QLabel::event(event);
            setToolTip({});
            return shown;
        }
        return QLabel::event(event);
    }

private:
    static constexpr int kLeastLetters = 6;
    Qt::TextElideMode m_mode;
};

} // namespace coldframe::ui

#include "ui/widgets/log_view.h"

#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBlock>

#include <algorithm>

namespace coldframe::ui {

namespace {

constexpr int kMaxLines = 50'000;

} // namespace

LogView::LogView(QWidget* parent) : QPlainTextEdit(parent)
{
    setReadOnly(true);
    // With the keyboard too, so that the cursor can be moved to a link.
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setFont(codeFont(8.5));
    setLineWrapMode(WidgetWidth);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setTabChangesFocus(true);
    setAccessibleName(tr("Log"));
    viewport()->setMouseTracking(true);
}

void LogView::setTheme(const Theme& theme)
{
    m_theme = &theme;
    underline();
}

void LogView::setLog(const QString& log, const QString& folder)
{
    QString shown = log;
    // The end of a very long log says how it went.
    for (qsizetype at = log.size(), lines = 0; at > 0; --at)
        if (log[at - 1] == QLatin1Char('\n') && ++lines > kMaxLines) {
            shown = log.mid(at);
            break;
        }
    m_links = findSourceLinks(shown, folder);
    setPlainText(shown);
    underline();
    setAccessibleDescription(m_links.isEmpty()
                                 ? QString()
                                 : tr("Enter opens the source file named on the cursor's line"));
}

void LogView::appendLog(const QString& more)
{
    QScrollBar* bar = verticalScrollBar();
    const bool atEnd = bar->value() == bar->maximum();
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    end.insertText(more);
    if (atEnd)
        bar->setValue(bar->maximum());
}

void LogView::underline()
{
    QList<QTextEdit::ExtraSelection> marks;
    for (const SourceLink& link : m_links) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(document());
        mark.cursor.setPosition(static_cast<int>(link.start));
        mark.cursor.setPosition(static_cast<int>(link.start + link.length),
                                QTextCursor::KeepAnchor);
        mark.format.setForeground(m_theme->accent);
        mark.format.setFontUnderline(true);
        marks.append(mark);
    }
    setExtraSelections(marks);
}

const SourceLink* LogView::linkAt(QPoint point) const
{
    const int position = cursorForPosition(point).position();
    const auto found = std::ranges::find_if(m_links, [position](const SourceLink& link) {
        return position >= link.start && position <= link.start + link.length;
    });
    if (found == m_links.end())
        return nullptr;
    // Right of a line's end the nearest position is that end.
    QTextCursor from(document()), to(document());
    from.setPosition(static_cast<int>(found->start));
    to.setPosition(static_cast<int>(found->start + found->length));
    return cursorRect(from).united(cursorRect(to)).adjusted(-2, 0, 2, 0).contains(point) ? &*found
                                                                                         : nullptr;
}

void LogView::mouseMoveEvent(QMouseEvent* event)
{
    QPlainTextEdit::mouseMoveEvent(event);
    viewport()->setCursor(linkAt(event->position().toPoint()) ? Qt::PointingHandCursor
                                                              : Qt::IBeamCursor);
}

void LogView::mouseReleaseEvent(QMouseEvent* event)
{
    QPlainTextEdit::mouseReleaseEvent(event);
    if (event->button() != Qt::LeftButton || textCursor().hasSelection())
        return;
    if (const SourceLink* link = linkAt(event->position().toPoint()))
        Q_EMIT linkActivated(*link);
}

void LogView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        const QTextBlock line = textCursor().block();
        for (const SourceLink& link : m_links)
            if (link.start >= line.position() && link.start < line.position() + line.length()) {
                Q_EMIT linkActivated(link);
                return;
            }
    }
    QPlainTextEdit::keyPressEvent(event);
}

} // namespace coldframe::ui

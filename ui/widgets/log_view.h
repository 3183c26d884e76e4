#pragma once

#include <QPlainTextEdit>

#include "ui/support/source_links.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

/// A log to read, in which places of source files are links: a click opens one, Enter the one on
/// the cursor's line.
class LogView : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit LogView(QWidget* parent = nullptr);
    void setTheme(const Theme& theme);
    /// Relative files of links are those of `folder`.
    void setLog(const QString& log, const QString& folder);
    /// More of a log that is still growing. Stays at the end when it was there.
    void appendLog(const QString& more);
    const QList<SourceLink>& links() const { return m_links; }

Q_SIGNALS:
    void linkActivated(const coldframe::ui::SourceLink& link);

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    const SourceLink* linkAt(QPoint point) const;
    void underline();

    QList<SourceLink> m_links;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

#pragma once

#include <QFrame>
#include <QLabel>

#include "ui/theme/theme.h"

class QHBoxLayout;
class QPushButton;
class QToolButton;

namespace coldframe::ui {

class WrappedLabel;

/// A coloured strip that says something and offers what to do about it.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    MessageBar(Tone tone, QString icon, QWidget* parent = nullptr);

    void setText(const QString& text);
    QString text() const;
    void setTone(Tone tone, const QString& icon);
    void setTheme(const Theme& theme);
    QPushButton* addButton(const QString& text, bool primary = false);
    /// Adds the cross that hides the bar.
    void setDismissable();

Q_SIGNALS:
    void dismissed();

private:
    Tone m_tone;
    QString m_iconName;
    QLabel* m_icon;
    WrappedLabel* m_text;
    QHBoxLayout* m_row;
    QToolButton* m_close = nullptr;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

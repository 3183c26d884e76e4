#include "ui/widgets/message_bar.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include "ui/theme/icons.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

/// What the style sheet knows it by; its name is left to whom it belongs to.
QString barTone(Tone tone)
{
    if (tone == Tone::Bad)
        return QStringLiteral("bad");
    return tone == Tone::Warning ? QStringLiteral("warning") : QStringLiteral("info");
}

} // namespace

MessageBar::MessageBar(Tone tone, QString icon, QWidget* parent)
    : QFrame(parent), m_tone(tone), m_iconName(std::move(icon)), m_icon(new QLabel(this)),
      m_text(new WrappedLabel(this)), m_row(new QHBoxLayout(this))
{
    setProperty("bar", barTone(tone));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_row->setContentsMargins(10, 6, 8, 6);
    m_row->setSpacing(8);
    m_row->addWidget(m_icon);
    m_row->addWidget(m_text, 1);
    setTheme(*m_theme);
}

void MessageBar::setText(const QString& text)
{
    if (text == m_text->text())
        return;
    m_text->setText(text);
    setAccessibleName(text);
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::setTone(Tone tone, const QString& icon)
{
    if (tone == m_tone && icon == m_iconName)
        return;
    m_tone = tone;
    m_iconName = icon;
    setProperty("bar", barTone(tone));
    style()->unpolish(this);
    style()->polish(this);
    setTheme(*m_theme);
}

void MessageBar::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_icon->setPixmap(strokeIcon(m_iconName, toneColor(theme, m_tone))
                          .pixmap(QSize(18, 18), devicePixelRatioF()));
    if (m_close)
        m_close->setIcon(strokeIcon(QStringLiteral("cross"), theme.dim));
}

QPushButton* MessageBar::addButton(const QString& text, bool primary)
{
    auto* button = new QPushButton(text, this);
    if (primary)
        button->setObjectName(QStringLiteral("primary"));
    m_row->insertWidget(m_close ? m_row->count() - 1 : m_row->count(), button);
    return button;
}

void MessageBar::setDismissable()
{
    m_close = new QToolButton(this);
    m_close->setObjectName(QStringLiteral("plain"));
    m_close->setIcon(strokeIcon(QStringLiteral("cross"), m_theme->dim));
    m_close->setAccessibleName(tr("Dismiss"));
    m_close->setToolTip(tr("Dismiss"));
    m_row->addWidget(m_close);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismissed);
}

} // namespace coldframe::ui

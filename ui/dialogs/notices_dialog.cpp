#include "ui/dialogs/notices_dialog.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/support/format.h"
#include "ui/widgets/card.h"
#include "ui/widgets/message_bar.h"

namespace coldframe::ui {

QString noticeLine(const session::Notice& notice)
{
    return clockText(notice.at) + QStringLiteral("  ") + sentences(notice.text, notice.hint);
}

void setNoticeTone(MessageBar& bar, session::Notice::Severity severity)
{
    switch (severity) {
    case session::Notice::Severity::Error:
        return bar.setTone(Tone::Bad, QStringLiteral("error"));
    case session::Notice::Severity::Warning:
        return bar.setTone(Tone::Warning, QStringLiteral("warning"));
    case session::Notice::Severity::Info:
        return bar.setTone(Tone::Accent, QStringLiteral("info"));
    }
}

NoticesDialog::NoticesDialog(SessionPort& port, const Theme& theme, QWidget* parent)
    : QDialog(parent), m_theme(&theme)
{
    setWindowTitle(tr("Notices"));
    resize(680, 460);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    auto* area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setAccessibleName(tr("Notices of the run, newest first"));
    auto* inner = new QWidget(area);
    auto* inArea = new QVBoxLayout(inner);
    inArea->setContentsMargins(0, 0, 6, 0);
    m_list = new QVBoxLayout;
    m_list->setSpacing(6);
    inArea->addLayout(m_list);
    m_rest = dimLabel(QString(), inner);
    m_rest->hide();
    inArea->addWidget(m_rest);
    inArea->addStretch(1);
    area->setWidget(inner);
    // After setWidget(), which would have them filled with the window's grey.
    area->viewport()->setAutoFillBackground(false);
    inner->setAutoFillBackground(false);
    column->addWidget(area, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton* copy = buttons->addButton(tr("Copy all"), QDialogButtonBox::ActionRole);
    copy->setAutoDefault(false);
    connect(copy, &QPushButton::clicked, this, &NoticesDialog::copyAll);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    connect(&port, &SessionPort::snapshotChanged, this, &NoticesDialog::show);
    show(port.snapshot());
}

void NoticesDialog::setTheme(const Theme& theme)
{
    m_theme = &theme;
    for (MessageBar* bar : findChildren<MessageBar*>())
        bar->setTheme(theme);
}

void NoticesDialog::show(const SnapshotPtr& snapshot)
{
    const std::uint64_t all = snapshot->noticesDropped + snapshot->notices.size();
    const auto fresh = static_cast<std::ptrdiff_t>(
        std::min<std::uint64_t>(all - std::min(all, m_shown), snapshot->notices.size()));
    m_shown = all;
    for (auto it = snapshot->notices.end() - fresh; it != snapshot->notices.end(); ++it)
        add(*it);
    m_rest->setText(all == 0 ? tr("Nothing to tell: the run has no notices so far.")
                             : tr("… and %1 older ones, which are not kept.")
                                   .arg(countText(snapshot->noticesDropped)));
    m_rest->setVisible(all == 0 || snapshot->noticesDropped > 0);
    while (m_list->count() > static_cast<int>(snapshot->notices.size())) {
        QLayoutItem* oldest = m_list->takeAt(m_list->count() - 1);
        oldest->widget()->hide();
        oldest->widget()->deleteLater();
        delete oldest;
        m_lines.removeLast();
    }
}

void NoticesDialog::add(const session::Notice& notice)
{
    auto* bar = new MessageBar(Tone::Accent, QStringLiteral("info"), this);
    bar->setTheme(*m_theme);
    setNoticeTone(*bar, notice.severity);
    bar->setText(noticeLine(notice));
    m_list->insertWidget(0, bar);
    m_lines.prepend(bar->text());
}

void NoticesDialog::copyAll()
{
    QGuiApplication::clipboard()->setText(m_lines.join(QLatin1Char('\n')) + QLatin1Char('\n'));
}

} // namespace coldframe::ui

#include "ui/dialogs/bars.h"

#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

#include "model/workspace_file.h"
#include "ui/dialogs/notices_dialog.h"
#include "ui/support/format.h"
#include "ui/widgets/message_bar.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kProblemsShown = 4;
constexpr int kNarrowLetters = 80; ///< below that the words of a notice need the room
constexpr Duration kInformed = std::chrono::seconds(8);

QString problemLine(const Error& error)
{
    QString place = text(error.file);
    if (error.line > 0)
        place += QStringLiteral(":%1:%2").arg(error.line).arg(error.column);
    QString line = place.isEmpty() ? text(error.message)
                                   : place + QStringLiteral("  ") + text(error.message);
    if (!error.hint.empty())
        line += QStringLiteral(" — ") + text(error.hint);
    return line;
}

} // namespace

AttentionBars::AttentionBars(QWidget* parent)
    : QWidget(parent), m_trust(new MessageBar(Tone::Accent, QStringLiteral("shield"), this)),
      m_problems(new MessageBar(Tone::Bad, QStringLiteral("error"), this)),
      m_notice(new MessageBar(Tone::Warning, QStringLiteral("warning"), this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    for (MessageBar* bar : {m_trust, m_problems, m_notice}) {
        column->addWidget(bar);
        bar->hide();
    }
    m_trust->setText(tr("This folder's code has not been run here before. Nothing starts until you "
                        "trust it."));
    connect(m_trust->addButton(tr("Trust and start"), true), &QPushButton::clicked, this,
            &AttentionBars::trust);

    m_openFile = m_problems->addButton(tr("Open file"));
    m_problems->setDismissable();
    connect(m_problems, &MessageBar::dismissed, this, [this] {
        m_dismissedProblems = m_problems->text();
        m_problems->hide();
    });
    connect(m_openFile, &QPushButton::clicked, this, [this] {
        if (m_port)
            openFirst(*m_port->snapshot());
    });

    m_allNotices = m_notice->addButton(QString());
    m_allNotices->setObjectName(QStringLiteral("allNotices"));
    m_allNotices->setToolTip(tr("All notices of the run, newest first"));
    connect(m_allNotices, &QPushButton::clicked, this, &AttentionBars::showNotices);
    m_notice->setDismissable();
    connect(m_notice, &MessageBar::dismissed, this, [this] {
        m_dismissedUpTo = m_newestNotice;
        m_notice->hide();
    });
}

void AttentionBars::setPort(SessionPort* port)
{
    m_port = port;
    m_dismissedUpTo = {};
    m_dismissedProblems.clear();
    delete m_notices; // of another run
    if (!port) {
        for (MessageBar* bar : {m_trust, m_problems, m_notice})
            bar->hide();
        return;
    }
    connect(port, &SessionPort::snapshotChanged, this, &AttentionBars::show);
    show(port->snapshot());
}

void AttentionBars::setTheme(const Theme& theme)
{
    for (MessageBar* bar : {m_trust, m_problems, m_notice})
        bar->setTheme(theme);
    m_theme = &theme;
    if (m_notices)
        m_notices->setTheme(theme);
}

void AttentionBars::showNotices()
{
    if (!m_port)
        return;
    if (!m_notices) {
        m_notices = new NoticesDialog(*m_port, *m_theme, this);
        m_notices->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_notices->setVisible(true);
    m_notices->raise();
    m_notices->activateWindow();
}

void AttentionBars::trust()
{
    if (!m_port)
        return;
    m_port->trust();
    m_port->startTriggers();
    m_trust->hide();
}

void AttentionBars::openFirst(const session::Snapshot& snapshot)
{
    const auto& list
        = snapshot.workspaceErrors.empty() ? snapshot.workspaceWarnings : snapshot.workspaceErrors;
    const Error first = list.empty() ? Error{} : list.front();
    if (snapshot.workspace)
        Q_EMIT fileWanted(first.file.empty() ? text(fileOf(*snapshot.workspace).string())
                                             : text(first.file),
                          first.line, first.column);
}

void AttentionBars::show(const SnapshotPtr& snapshot)
{
    showTrust(*snapshot);
    showProblems(*snapshot);
    showNotice(*snapshot);
}

void AttentionBars::showTrust(const session::Snapshot& snapshot)
{
    m_trust->setVisible(!snapshot.trusted);
}

void AttentionBars::showProblems(const session::Snapshot& snapshot)
{
    const bool errors = !snapshot.workspaceErrors.empty();
    if (!errors && snapshot.workspaceWarnings.empty())
        m_dismissedProblems.clear(); // the same mistake, made again, is news
    const std::vector<Error>& list = errors ? snapshot.workspaceErrors : snapshot.workspaceWarnings;
    QStringList lines;
    if (errors)
        lines << tr("The workspace file has mistakes; the last good one stays in force.");
    for (std::size_t i = 0; i < std::min(list.size(), kProblemsShown); ++i)
        lines << problemLine(list[i]);
    if (list.size() > kProblemsShown)
        lines << tr("… and %1 more").arg(list.size() - kProblemsShown);
    const QString all = lines.join(QLatin1Char('\n'));
    m_problems->setTone(errors ? Tone::Bad : Tone::Warning,
                        errors ? QStringLiteral("error") : QStringLiteral("warning"));
    m_problems->setText(all);
    m_problems->setVisible(!list.empty() && all != m_dismissedProblems);
}

void AttentionBars::showNotice(const session::Snapshot& snapshot)
{
    // A mistake in the file has a bar of its own, as long as it is one.
    const bool told = !snapshot.workspaceErrors.empty() && !snapshot.notices.empty()
        && snapshot.notices.back().text.find(describe(snapshot.workspaceErrors.front()))
            != std::string::npos;
    // What is only for information goes away by itself.
    const bool over = !snapshot.notices.empty()
        && snapshot.notices.back().severity == session::Notice::Severity::Info
        && snapshot.now - snapshot.notices.back().at > kInformed;
    if (snapshot.notices.empty() || snapshot.notices.back().at <= m_dismissedUpTo || told || over) {
        m_notice->hide();
        return;
    }
    const session::Notice& notice = snapshot.notices.back();
    m_newestNotice = notice.at;
    setNoticeTone(*m_notice, notice.severity);
    m_notice->setText(noticeLine(notice));
    const bool narrow = width() < fontMetrics().averageCharWidth() * kNarrowLetters;
    m_allNotices->setText(
        (narrow ? tr("All %1…") : tr("All %1 notices…")).arg(countText(snapshot.notices.size())));
    m_allNotices->setVisible(snapshot.notices.size() > 1);
    m_notice->show();
}

} // namespace coldframe::ui

#include "ui/shell/welcome_page.h"

#include <QCommandLinkButton>
#include <QDir>
#include <QFile>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>

#include "ui/shell/settings.h"
#include "ui/support/examples.h"
#include "ui/theme/icons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/message_bar.h"

namespace coldframe::ui {

namespace {

constexpr int kColumnWidth = 620;

} // namespace

WelcomePage::WelcomePage(QWidget* parent)
    : QWidget(parent), m_list(new QVBoxLayout), m_holder(new QWidget),
      m_problem(new MessageBar(Tone::Bad, QStringLiteral("error"), this)), m_mark(new QLabel(this)),
      m_theme(&Theme::lightTheme())
{
    auto* title = new QLabel(tr("Coldframe"), this);
    title->setFont(uiFont(20.0, QFont::DemiBold));
    auto* lead = dimLabel(tr("Your functions, run as real processes on a pool that scales as the "
                             "platform will. Open a workspace, or begin with an example."),
                          this);
    lead->setWordWrap(true);
    auto* open = new QPushButton(tr("Open workspace…"), this);
    open->setObjectName(QStringLiteral("primary"));
    open->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(open, &QPushButton::clicked, this, &WelcomePage::browseRequested);
    auto* make = new QPushButton(tr("New workspace…"), this);
    make->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(make, &QPushButton::clicked, this, &WelcomePage::newRequested);
    auto* dropping = dimLabel(tr("Or drop a folder here: a workspace opens, and of a folder with "
                                 "your functions one is proposed."),
                              this);
    dropping->setWordWrap(true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(open);
    buttons->addWidget(make);
    buttons->addStretch(1);
    m_problem->hide();

    auto* column = new QVBoxLayout(m_holder);
    column->setContentsMargins(24, 32, 24, 24);
    column->setSpacing(10);
    column->addWidget(m_mark);
    column->addWidget(title);
    column->addWidget(lead);
    column->addWidget(m_problem);
    column->addLayout(buttons);
    column->addWidget(dropping);
    column->addLayout(m_list);
    column->addStretch(1);
    m_holder->setMaximumWidth(kColumnWidth);

    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setAlignment(Qt::AlignHCenter);
    scroll->setWidget(m_holder);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
}

void WelcomePage::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_mark->setPixmap(
        QIcon(QStringLiteral(":/icons/app.svg")).pixmap(QSize(56, 56), devicePixelRatioF()));
    m_problem->setTheme(theme);
    for (QCommandLinkButton* button : m_holder->findChildren<QCommandLinkButton*>())
        button->setIcon(strokeIcon(QStringLiteral("folder"), theme.accent));
}

void WelcomePage::setProblem(const QString& problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void WelcomePage::refresh()
{
    while (QLayoutItem* item = m_list->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QStringList examples = shippedExamples();
    QStringList recent = Settings().recentWorkspaces();
    recent.removeIf([&examples](const QString& folder) {
        return examples.contains(folder)
            || !QFile::exists(folder + QStringLiteral("/coldframe.json"));
    });
    addSection(tr("Recent"), recent.mid(0, 5));
    addSection(tr("Examples"), examples);
    setTheme(*m_theme);
}

void WelcomePage::addSection(const QString& title, const QStringList& folders)
{
    if (folders.isEmpty())
        return;
    auto* heading = new QLabel(title, m_holder);
    heading->setFont(uiFont(11.0, QFont::DemiBold));
    heading->setContentsMargins(0, 14, 0, 0);
    m_list->addWidget(heading);
    for (const QString& folder : folders) {
        auto* button
            = new QCommandLinkButton(QDir(folder).dirName(), descriptionOf(folder), m_holder);
        button->setIconSize(QSize(20, 20));
        connect(button, &QCommandLinkButton::clicked, this,
                [this, folder] { Q_EMIT workspaceChosen(folder); });
        m_list->addWidget(button);
    }
}

} // namespace coldframe::ui

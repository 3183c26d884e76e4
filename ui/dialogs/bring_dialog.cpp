#include "ui/dialogs/bring_dialog.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QPushButton>
#include <QScrollArea>

#include "session/bring.h"
#include "ui/support/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

constexpr int kWidth = 600;
constexpr int kHeight = 560;

QString runtimeText(const DraftFunction& function)
{
    const DetectedHandler& found = function.found;
    QStringList parts{text(std::string(nameOf(found.runtime))),
                      found.handler.empty() ? QStringLiteral("bootstrap") : text(found.handler)};
    if (found.code != ".")
        parts.last() = BringDialog::tr("%1 in %2").arg(parts.last(), text(found.code));
    parts << BringDialog::tr("%1 MB").arg(function.memoryMb);
    return parts.join(QStringLiteral(" · "));
}

QString triggerText(const DraftFunction& function)
{
    if (function.isScheduled())
        return BringDialog::tr("Trigger %1: %2, disabled")
            .arg(text(function.trigger), QString::fromLatin1(kDraftSchedule));
    if (function.watches())
        return BringDialog::tr("Trigger %1: files that come into the store %2")
            .arg(text(function.trigger), text(function.source));
    return BringDialog::tr("Trigger %1: by hand").arg(text(function.trigger));
}

} // namespace

BringDialog::BringDialog(const session::BringPlan& plan, QWidget* parent)
    : QDialog(parent), m_list(nullptr), m_holder(new QWidget)
{
    setWindowTitle(tr("Create workspace"));
    const QString folder = text(plan.folder.string());
    auto* lead = new WrappedLabel(this);
    lead->setTextFormat(Qt::PlainText);
    lead->setText(
        tr("“%1” has no coldframe.json yet, but functions. This would make it a workspace; your "
           "code stays as it is, and nothing runs until you trust the folder.")
            .arg(QDir(folder).dirName()));
    lead->setToolTip(QDir::toNativeSeparators(folder));

    m_list = new QVBoxLayout(m_holder);
    m_list->setContentsMargins(14, 6, 14, 12);
    m_list->setSpacing(2);
    addHeading(tr("Functions"));
    for (const DraftFunction& function : plan.draft.functions) {
        QStringList lines{
            runtimeText(function),
            tr("Takes %1").arg(text(std::string(describe(function.found.reading.event))))};
        for (const auto& [name, value] : function.environment)
            lines << tr("Environment: %1=%2").arg(text(name), text(value));
        lines << triggerText(function);
        addEntry(text(function.name), lines.join(QLatin1Char('\n')));
    }
    if (!plan.draft.stores.empty())
        addHeading(tr("Stores"));
    for (const DraftStore& store : plan.draft.stores)
        addEntry(
            text(store.name),
            tr("The folder %1 (%2)").arg(text(store.path().generic_string()), text(store.why)));
    if (!plan.draft.notes.empty())
        addHeading(tr("To know"));
    for (const std::string& note : plan.draft.notes)
        addEntry({}, text(note));
    addHeading(tr("Files that will be written"));
    QStringList files;
    for (const NewFile& file : plan.files)
        files << text(file.path.generic_string());
    files.move(files.size() - 1, 0); // coldframe.json, which is written last
    addEntry({}, files.join(QLatin1Char('\n')));
    m_list->addStretch(1);

    auto* card = new Card(this);
    auto* inCard = new QVBoxLayout(card);
    inCard->setContentsMargins(1, 1, 1, 1);
    auto* scroll = new QScrollArea(card);
    scroll->setObjectName(QStringLiteral("plan"));
    scroll->setAccessibleName(tr("What would be made"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_holder);
    m_holder->setAutoFillBackground(false); // the card's own
    scroll->viewport()->setAutoFillBackground(false);
    inCard->addWidget(scroll);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    QPushButton* create = buttons->button(QDialogButtonBox::Ok);
    create->setText(tr("Create workspace"));
    create->setDefault(true);
    create->setFocus();
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(12);
    column->addWidget(lead);
    column->addWidget(card, 1);
    column->addWidget(buttons);
    resize(kWidth, kHeight);
}

void BringDialog::addHeading(const QString& title)
{
    auto* heading = new QLabel(title, m_holder);
    heading->setFont(uiFont(11.0, QFont::DemiBold));
    heading->setContentsMargins(0, 10, 0, 2);
    m_list->addWidget(heading);
}

void BringDialog::addEntry(const QString& title, const QString& detail)
{
    if (!title.isEmpty()) {
        auto* name = new WrappedLabel(m_holder);
        name->setTextFormat(Qt::PlainText);
        name->setFont(uiFont(9.5, QFont::DemiBold));
        name->setText(title);
        m_list->addWidget(name);
    }
    auto* more = new WrappedLabel(m_holder);
    more->setTextFormat(Qt::PlainText); // names come from a folder of whoever made it
    more->setProperty("dim", true);
    more->setTextInteractionFlags(Qt::TextSelectableByMouse);
    more->setText(detail);
    more->setContentsMargins(0, 0, 0, 6);
    m_list->addWidget(more);
}

} // namespace coldframe::ui

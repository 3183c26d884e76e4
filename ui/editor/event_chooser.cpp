#include "ui/editor/event_chooser.h"

#include <QSignalBlocker>
#include <QStandardItemModel>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr int kPathRole = Qt::UserRole; // findData() looks for it
constexpr int kFittingRole = Qt::UserRole + 1;
constexpr int kDescriptionRole = Qt::ToolTipRole;

} // namespace

EventChooser::EventChooser(QWidget* parent) : QComboBox(parent)
{
    m_readers.setMaxThreadCount(1);
    setMaxVisibleItems(24);
    connect(this, &QComboBox::activated, this, &EventChooser::choose);
}

EventChooser::~EventChooser()
{
    m_readers.clear();
    m_readers.waitForDone();
}

void EventChooser::addHeading(const QString& title)
{
    addItem(title);
    auto* heading = static_cast<QStandardItemModel*>(model())->item(count() - 1);
    heading->setEnabled(false);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    heading->setFont(bold);
}

void EventChooser::refill(const Workspace* workspace, const std::string& function,
                          const QList<EventEntry>& tests, const QList<EventEntry>& templates)
{
    const QSignalBlocker quiet(this);
    ++m_number;
    clear();
    m_fitting = workspace ? functionTemplates(*workspace, function) : QList<FunctionTemplate>();
    addItem(tr("Choose an event"));
    if (!m_fitting.isEmpty())
        addHeading(tr("For this function"));
    for (qsizetype at = 0; at < m_fitting.size(); ++at) {
        addItem(m_fitting[at].title);
        setItemData(count() - 1, static_cast<int>(at), kFittingRole);
        setItemData(count() - 1, m_fitting[at].description, kDescriptionRole);
    }
    if (!tests.isEmpty())
        addHeading(tr("Test events"));
    for (const EventEntry& entry : tests)
        addItem(entry.title, entry.path);
    QString group;
    for (const EventEntry& entry : templates) {
        if (group != entry.group || group.isNull())
            addHeading(tr("Templates: %1").arg(entry.group));
        group = entry.group;
        addItem(entry.title, entry.path);
        setItemData(count() - 1, entry.description, kDescriptionRole);
    }
    setCurrentIndex(0);
}

QString EventChooser::description() const
{
    return currentData(kDescriptionRole).toString();
}

void EventChooser::choose(int row)
{
    ++m_number;
    const QVariant fitting = itemData(row, kFittingRole);
    if (fitting.isValid())
        make(m_fitting[fitting.toInt()]);
    else if (const QString path = itemData(row, kPathRole).toString(); !path.isEmpty())
        Q_EMIT fileChosen(path);
}

void EventChooser::make(const FunctionTemplate& wanted)
{
    m_readers.start([this, number = m_number, make = wanted.make] {
        const Result<QString> event = make();
        QMetaObject::invokeMethod(
            this,
            [this, number, event] {
                if (number != m_number)
                    return;
                if (event)
                    Q_EMIT eventMade(*event);
                else
                    Q_EMIT failed(text(describe(event.error())));
            },
            Qt::QueuedConnection);
    });
}

} // namespace coldframe::ui

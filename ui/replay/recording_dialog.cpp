#include "ui/replay/recording_dialog.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QListWidget>
#include <QPushButton>

#include "ui/support/format.h"
#include "ui/widgets/card.h"

namespace coldframe::ui {

RecordingDialog::RecordingDialog(const QList<RecordingEntry>& recordings, QWidget* parent)
    : QDialog(parent), m_list(new QListWidget(this))
{
    setWindowTitle(tr("Replay a recording"));
    auto* note = dimLabel(recordings.isEmpty()
                              ? tr("No recording of an open workspace is there yet: one is written "
                                   "while its functions run. Choose another folder: of a "
                                   "recording, or of a workspace that was run.")
                              : tr("What was recorded is played again in virtual time, with what "
                                   "you change: memory, limits, keep-alive, platform, arrivals."),
                          this);
    note->setWordWrap(true);
    m_list->setObjectName(QStringLiteral("beginnings"));
    m_list->setAccessibleName(tr("Recordings"));
    for (const RecordingEntry& recording : recordings) {
        auto* item = new QListWidgetItem(
            tr("%1 · %2").arg(recordingTitle(recording),
                              bytesText(static_cast<std::uint64_t>(recording.bytes))),
            m_list);
        item->setData(Qt::UserRole, recording.path);
        item->setToolTip(recording.path);
    }
    m_list->setCurrentRow(recordings.isEmpty() ? -1 : 0);
    m_list->setVisible(!recordings.isEmpty());
    m_list->setMinimumSize(fontMetrics().averageCharWidth() * 60, fontMetrics().height() * 12);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    m_ok->setText(tr("Open"));
    QPushButton* other = buttons->addButton(tr("Other folder…"), QDialogButtonBox::ActionRole);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 16);
    column->setSpacing(12);
    column->addWidget(note);
    column->addWidget(m_list, 1);
    column->addWidget(buttons);
    connect(m_list, &QListWidget::currentRowChanged, this, &RecordingDialog::refresh);
    connect(m_list, &QListWidget::itemActivated, this, &RecordingDialog::accept);
    connect(other, &QPushButton::clicked, this, &RecordingDialog::browse);
    connect(buttons, &QDialogButtonBox::accepted, this, &RecordingDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &RecordingDialog::reject);
    refresh();
}

void RecordingDialog::refresh()
{
    const QListWidgetItem* item = m_list->currentItem();
    m_path = item ? item->data(Qt::UserRole).toString() : QString();
    m_ok->setEnabled(!m_path.isEmpty());
}

void RecordingDialog::browse()
{
    const QString folder = QFileDialog::getExistingDirectory(
        this, tr("Folder of a recording, or of a workspace that was run"), m_path);
    if (folder.isEmpty())
        return;
    m_path = folder;
    accept();
}

} // namespace coldframe::ui

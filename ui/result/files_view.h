#pragma once

#include <QHash>
#include <QSet>
#include <QWidget>

#include "model/store_work.h"
#include "ui/theme/theme.h"

class QLabel;
class QModelIndex;
class QPushButton;
class QSplitter;
class QTreeView;

namespace coldframe::ui {

class OutputsModel;
class PreviewView;

/// The objects an attempt wrote into stores: list, size, preview, and the way to their folder. And
/// the messages it sent: the way to their queue.
class FilesView : public QWidget {
    Q_OBJECT
public:
    explicit FilesView(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// Where the stores lie, by name.
    void setStores(const QHash<QString, QString>& folders) { m_folders = folders; }
    void setQueues(const QSet<QString>& queues);
    void setWork(const StoreWork& work);

Q_SIGNALS:
    void messageWanted(const QString& queue, const QString& messageId);

private:
    QString summaryOf(const StoreWork& work) const;
    QString fileOf(const QModelIndex& index) const;
    void showCurrent();
    void open();
    void openFolder();

    QHash<QString, QString> m_folders;
    QLabel* m_summary;
    QPushButton* m_open; ///< the folder of the chosen object, or the queue of the message
    QSplitter* m_split;
    OutputsModel* m_model;
    QTreeView* m_list;
    PreviewView* m_preview;
};

/// The file of an object below its store's folder; empty when the key leads out of it.
QString fileInStore(const QString& folder, const QString& key);

} // namespace coldframe::ui

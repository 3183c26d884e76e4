#pragma once

#include <QElapsedTimer>
#include <QThreadPool>
#include <QTimer>

#include "ui/session_bridge/session_port.h"
#include "ui/stores/store_jobs.h"
#include "ui/stores/store_model.h"
#include "ui/stores/store_watch.h"
#include "ui/widgets/card.h"

class QAction;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedLayout;
class QTreeView;

namespace coldframe::ui {

class MessageBar;
class PreviewView;
class WrappedLabel;

/// What lies in a folder store, as it comes and goes: list, preview, and what can be done with an
/// object. Nothing here runs the workspace's code, so it works in one that is not trusted, too.
class StorePage : public Card {
    Q_OBJECT
public:
    explicit StorePage(QWidget* parent = nullptr);
    ~StorePage() override;

    void setPort(SessionPort* port);
    void setTheme(const Theme& theme);
    void setStore(const QString& name);
    /// Where *Use as event* goes when no trigger wants the object.
    void setFallbackFunction(const QString& name) { m_fallback = name; }
    StoreModel& model() { return m_model; }
    StoreJobs& jobs() { return m_jobs; }

Q_SIGNALS:
    void eventWanted(const QString& function, const QString& event);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    // store_page_build.cpp: what is made once
    void buildHead(QVBoxLayout* column);
    void buildButtons(QVBoxLayout* column);
    void buildList(QVBoxLayout* column);
    void buildProgress(QVBoxLayout* column);
    void addActions();

    void follow(const SnapshotPtr& snapshot);
    void refresh();
    void refreshActions();
    QString emptyText() const;
    void say(Tone tone, const QString& text);

    void keepCurrent();
    void showCurrent();
    void readPreview(const StoreObject& object);
    const StoreObject* current() const;
    std::vector<std::string> selectedKeys() const;
    QString fileOf(const StoreObject& object) const;

    // store_page_actions.cpp
    /// What a question was about: another by the time it is answered, and nothing is done.
    struct Place {
        QString store, folder;
        bool operator==(const Place&) const = default;
    };
    Place place() const { return {m_name, m_folder}; }
    /// On the page, or in a box of its own when the page went with the store.
    void sayMoved(const Place& asked, const QString& nothing);
    void openMenu(const QPoint& at);
    void openFile();
    void openFolder();
    void copyKey();
    void copyUri();
    void useAsEvent();
    void removeSelected();
    void chooseFiles();
    void addPlanned(const QString& folder, const AddPlan& plan);
    std::optional<bool> askHowToAdd(const AddPlan& plan);
    void showProgress(const QString& key, quint64 done, quint64 total);
    void showResult(const StoreJobResult& result);

    SessionPort* m_port = nullptr;
    std::shared_ptr<const Workspace> m_workspace;
    bool m_trusted = true;
    QString m_name, m_folder, m_fallback, m_problem;
    std::string m_current; ///< key of the object that is shown; empty: none
    StoreObject m_previewed; ///< as it was when its preview was read
    quint64 m_previewNumber = 0;
    bool m_listed = false;

    StoreModel m_model;
    StoreWatch m_watch;
    StoreJobs m_jobs;
    QThreadPool m_readers; ///< of previews and events: one after the other
    QTimer m_filterLater, m_previewLater, m_clock;

    QLabel *m_title = nullptr, *m_path = nullptr, *m_summary = nullptr, *m_previewTitle = nullptr;
    QLineEdit* m_filter = nullptr;
    QTreeView* m_list = nullptr;
    QStackedLayout* m_pages = nullptr;
    WrappedLabel* m_empty = nullptr;
    PreviewView* m_preview = nullptr;
    MessageBar* m_bar = nullptr;
    QWidget* m_progressRow = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_progressText = nullptr;
    QAction *m_openFile = nullptr, *m_openFolder = nullptr, *m_copyKey = nullptr,
            *m_copyUri = nullptr, *m_useAsEvent = nullptr, *m_remove = nullptr, *m_add = nullptr;
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui

#pragma once

#include <QApplication>
#include <QDir>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTreeView>

#include <functional>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/stores/store_page.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/message_bar.h"

namespace coldframe::ui::test {

inline constexpr int kPatienceMs = 30'000;

/// A store's page over a real folder, of a made-up session; and hands to use it with.
class StorePageFixture : public QObject {
protected:
    void makeFolders();
    void closePage();
    QString path(const QString& name) const { return m_folder->filePath(name); }
    void write(const QString& name, const QByteArray& bytes) const
    {
        QDir().mkpath(QFileInfo(path(name)).absolutePath());
        QFile file(path(name));
        if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
    }
    QByteArray read(const QString& name) const
    {
        QFile file(path(name));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("not there");
    }
    void openPage(const std::function<void(session::Snapshot&, Workspace&)>& change = {});
    void open(const std::function<void(session::Snapshot&, Workspace&)>& change = {});
    bool choose(const std::string& key);
    QString label(const char* name) const
    {
        return m_page->findChild<QLabel*>(QLatin1String(name))->text();
    }
    QTreeView* list() const { return m_page->findChild<QTreeView*>(); }
    QString bar() const
    {
        const auto* shown = m_page->findChild<MessageBar*>();
        return shown->isVisible() ? shown->text() : QString();
    }
    QString previewed() const
    {
        for (const JsonView* view : m_page->findChildren<JsonView*>())
            if (view->isVisible())
                return view->text();
        return {};
    }
    /// A file outside of the store.
    QString writeElsewhere(const QString& name, const QByteArray& bytes) const
    {
        const QString place = m_elsewhere->filePath(name);
        QDir().mkpath(QFileInfo(place).absolutePath());
        QFile file(place);
        if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(place));
        return place;
    }
    void drop(const QStringList& files);
    void press(const QString& button, const std::function<void()>& before = {});
    void moveStore(const QString& folder);
    void pressDelete();
    int rows() const { return m_page->model().rowCount(); }

    std::unique_ptr<QTemporaryDir> m_folder, m_elsewhere;
    std::unique_ptr<sample::MadeUpPort> m_port;
    std::unique_ptr<StorePage> m_page;
    QString m_asked, m_informed; ///< by the last message box
};

inline void StorePageFixture::makeFolders()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_elsewhere = std::make_unique<QTemporaryDir>();
    m_asked.clear();
    m_informed.clear();
}

inline void StorePageFixture::closePage()
{
    m_page.reset();
    m_port.reset();
}

inline void
StorePageFixture::openPage(const std::function<void(session::Snapshot&, Workspace&)>& change)
{
    auto snapshot = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->stores.front().kind = FolderStore{m_folder->path().toStdString()}; // uploads
    if (change)
        change(*snapshot, *workspace);
    snapshot->workspace = workspace;
    m_port = std::make_unique<sample::MadeUpPort>(snapshot);
    m_page = std::make_unique<StorePage>();
    m_page->resize(900, 500);
    m_page->setPort(m_port.get());
    m_page->setFallbackFunction(QStringLiteral("csv-etl"));
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
}

inline void
StorePageFixture::open(const std::function<void(session::Snapshot&, Workspace&)>& change)
{
    openPage(change);
    m_page->setStore(QStringLiteral("uploads"));
    QTRY_VERIFY_WITH_TIMEOUT(!label("storeSummary").isEmpty(), kPatienceMs);
}

/// As with a click: the preview comes after it.
inline bool StorePageFixture::choose(const std::string& key)
{
    const auto row = m_page->model().find(key);
    if (!row)
        return false;
    const QModelIndex index = m_page->model().index(*row, 0);
    list()->scrollTo(index);
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, list()->visualRect(index).center());
    return true;
}

inline void StorePageFixture::drop(const QStringList& files)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& file : files)
        urls << QUrl::fromLocalFile(file);
    data.setUrls(urls);
    const QPoint at(100, 200);
    QDragEnterEvent enters(at, Qt::MoveAction | Qt::CopyAction, &data, Qt::LeftButton, {});
    enters.setDropAction(Qt::MoveAction); // as a file manager proposes on one disk
    QApplication::sendEvent(m_page.get(), &enters);
    QVERIFY(enters.isAccepted());
    QCOMPARE(enters.dropAction(), Qt::CopyAction); // a file manager must not move it away
    QDropEvent drops(at, Qt::MoveAction | Qt::CopyAction, &data, Qt::LeftButton, {});
    drops.setDropAction(Qt::MoveAction);
    QApplication::sendEvent(m_page.get(), &drops);
    QVERIFY(drops.isAccepted());
    QCOMPARE(drops.dropAction(), Qt::CopyAction);
}

/// As a reload of the workspace file does; without a folder, the store is no longer in it.
inline void StorePageFixture::moveStore(const QString& folder)
{
    auto next = std::make_shared<session::Snapshot>(*m_port->snapshot());
    auto workspace = std::make_shared<Workspace>(*next->workspace);
    if (folder.isEmpty())
        workspace->stores.erase(workspace->stores.begin());
    else
        workspace->stores.front().kind = FolderStore{folder.toStdString()};
    next->workspace = workspace;
    m_port->publish(next);
}

/// A button of the message box that comes, once `before` was done.
inline void StorePageFixture::press(const QString& button, const std::function<void()>& before)
{
    auto* look = new QTimer(m_page.get());
    connect(look, &QTimer::timeout, look, [this, look, button, before] {
        const auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (!box || !box->isVisible())
            return;
        m_asked = box->text();
        m_informed = box->informativeText();
        for (QAbstractButton* each : box->buttons())
            if (each->text().remove(QLatin1Char('&')) == button) {
                look->deleteLater();
                if (before)
                    before();
                return QTest::mouseClick(each, Qt::LeftButton);
            }
    });
    look->start(10);
}

inline void StorePageFixture::pressDelete()
{
    m_page->activateWindow(); // a dialog before had the keys
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Delete);
}

} // namespace coldframe::ui::test

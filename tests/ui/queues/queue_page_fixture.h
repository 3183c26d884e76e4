#pragma once

#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QStandardPaths>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTreeView>

#include <algorithm>
#include <functional>
#include <memory>

#include "process/host.h"
#include "ui/queues/message_pane.h"
#include "ui/queues/queue_page.h"
#include "ui/session_bridge/live_session.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/message_bar.h"

namespace coldframe::ui::test {

inline constexpr int kPatienceMs = 60'000;

/// The page of a queue over a real session of a workspace of its own.
class QueuePageFixture : public QObject {
protected:
    static constexpr const char* kFile = R"j({
  "format": 1, "timeScale": 100,
  "functions": { "work": { "runtime": "python", "code": "code", "handler": "app.run", "timeoutMs": 20000 } },
  "stores": {
    "parts": { "kind": "queue", "maxReceives": 2, "deadLetters": "dead" },
    "dead": { "kind": "queue" },
    "orders": { "kind": "queue", "fifo": true, "contentBasedDeduplication": true }
  },
  "triggers": { "read": { "kind": "queue", "store": "parts", "function": "work" } }
})j";

    void prepare()
    {
        qputenv("XDG_CONFIG_HOME", m_configuration.path().toUtf8());
        QStandardPaths::setTestModeEnabled(true);
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    }
    void write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(m_folder->filePath(name));
        if (!file.open(QFile::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
    }
    void open(const QString& queue)
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QDir(m_folder->path()).mkpath(QStringLiteral("code"));
        write(QStringLiteral("code/app.py"),
              "import os, time\n"
              "def run(event, context):\n"
              "    while os.path.exists(os.path.join(os.path.dirname(__file__), 'hold')):\n"
              "        time.sleep(0.02)\n"
              "    if any('bad' in r['body'] for r in event['Records']):\n"
              "        raise ValueError('no weight')\n");
        write(QStringLiteral("coldframe.json"), kFile);
        session::Options options;
        options.workspace = m_folder->path().toStdString();
        options.resources = COLDFRAME_SOURCE_DIR "/resources";
        options.trusted = true;
        auto opened = LiveSession::open(std::move(options));
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        m_port = std::move(*opened);
        m_page = std::make_unique<QueuePage>();
        m_page->resize(960, 560);
        m_page->setPort(m_port.get());
        m_page->setQueue(queue);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void close()
    {
        m_page.reset();
        m_port.reset();
    }
    void send(const std::string& queue, const std::string& body, const std::string& group = {})
    {
        bool done = false;
        m_port->queues()->send({.queue = queue, .body = body, .group = group, .sender = "send"},
                               m_page.get(),
                               [&done](const session::MessageReceipt&) { done = true; });
        QTRY_VERIFY_WITH_TIMEOUT(done, kPatienceMs);
    }
    int rows() const { return m_page->model().rowCount(); }
    QString cell(int row, int column) const
    {
        return m_page->model().index(row, column).data().toString();
    }
    QTreeView* list() const { return m_page->findChild<QTreeView*>(); }
    void click(int row, Qt::KeyboardModifiers modifiers = {}) const
    {
        const QModelIndex index = m_page->model().index(row, 0);
        list()->scrollTo(index);
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, modifiers,
                          list()->visualRect(index).center());
    }
    QString label(const char* name) const
    {
        const auto* found = m_page->findChild<QLabel*>(QLatin1String(name));
        return found->isVisibleTo(m_page.get()) ? found->text() : QString();
    }
    QString bar() const
    {
        for (const MessageBar* shown : m_page->findChildren<MessageBar*>())
            if (shown->objectName() != QStringLiteral("deadLetters") && shown->isVisible())
                return shown->text();
        return {};
    }
    JsonView* body() const { return m_page->messagePane().findChild<JsonView*>(); }
    QPushButton* button(const QString& text) const
    {
        for (QPushButton* found : m_page->findChildren<QPushButton*>())
            if (found->text() == text && found->isVisible())
                return found;
        return nullptr;
    }
    void press(const QString& text) const
    {
        QPushButton* found = button(text);
        QVERIFY2(found && found->isEnabled(), qPrintable(text));
        QTest::mouseClick(found, Qt::LeftButton);
    }
    /// As a person presses it in the list: a dialog before had the keys.
    void pressInList(Qt::Key key)
    {
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        list()->setFocus();
        QTest::keyClick(list(), key);
    }
    /// Once a dialog is open, does something with it.
    void whenOpen(std::function<void(QWidget&)> work)
    {
        auto* look = new QTimer(m_page.get());
        connect(look, &QTimer::timeout, look, [look, work = std::move(work)] {
            QWidget* modal = QApplication::activeModalWidget();
            if (!modal || !modal->isVisible())
                return;
            look->stop();
            if (!QTest::qWaitForWindowActive(modal))
                qFatal("the dialog does not become active");
            const QPointer<QWidget> opened(modal);
            work(*modal);
            if (QTest::currentTestFailed() && opened)
                opened->close(); // else it is waited for
            look->deleteLater();
        });
        look->start(10);
    }
    /// A button of the message box that comes.
    void answer(const QString& text)
    {
        whenOpen([this, text](QWidget& modal) {
            auto& box = *qobject_cast<QMessageBox*>(&modal);
            m_asked = box.text();
            for (QAbstractButton* each : box.buttons())
                if (each->text().remove(QLatin1Char('&')) == text)
                    return QTest::mouseClick(each, Qt::LeftButton);
        });
    }

    QTemporaryDir m_configuration;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SessionPort> m_port;
    std::unique_ptr<QueuePage> m_page;
    QString m_asked; ///< by the last message box
};

} // namespace coldframe::ui::test

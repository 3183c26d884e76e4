#include "window_driver.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QDirIterator>
#include <QLabel>
#include <QPushButton>
#include <QSaveFile>
#include <QTest>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>
#include <QTreeView>

#include "ui/attempts/attempts_table.h"
#include "ui/explorer/explorer_pane.h"
#include "ui/result/result_pane.h"
#include "ui/session_bridge/live_session.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/workspace_area.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/log_view.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/stat_box.h"
#include "ui/widgets/status_dot.h"

namespace coldframe::ui::window_test {

namespace {

const char* const kExample = COLDFRAME_SOURCE_DIR "/examples/uppercase";
constexpr int kLookMs = 10; ///< how often a dialog is looked for

/// What a run leaves in the example's folder is no part of it.
bool leftByARun(const QString& path)
{
    return path.startsWith(QStringLiteral(".coldframe")) || path.contains(QStringLiteral("__py"))
        || (path.startsWith(QStringLiteral("data/")) && !path.endsWith(QStringLiteral(".gitkeep")));
}

void copyExample(const QString& to)
{
    const QDir from(QString::fromUtf8(kExample));
    QDirIterator files(from.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = from.relativeFilePath(files.next());
        const QString target = to + QLatin1Char('/') + path;
        if (!leftByARun(path)
            && (!QDir().mkpath(QFileInfo(target).path()) || !QFile::copy(files.filePath(), target)))
            qFatal("cannot copy %s", qPrintable(files.filePath()));
    }
}

QModelIndex named(const QAbstractItemModel& model, const QString& name)
{
    for (int section = 0; section < model.rowCount(); ++section) {
        const QModelIndex parent = model.index(section, 0);
        for (int row = 0; row < model.rowCount(parent); ++row)
            if (model.index(row, 0, parent).data().toString() == name)
                return model.index(row, 0, parent);
    }
    return {};
}

} // namespace

WindowDriver::WindowDriver(ThemeManager& themes)
{
    copyExample(m_folder.path());
    m_window = std::make_unique<MainWindow>(
        themes, [this](const QString& folder) -> Result<std::unique_ptr<SessionPort>> {
            session::Options options;
            options.workspace = folder.toStdString();
            options.resources = COLDFRAME_SOURCE_DIR "/resources";
            options.trusted = m_trusted;
            auto opened = LiveSession::open(std::move(options));
            m_port = opened ? opened->get() : nullptr;
            return opened;
        });
}

WindowDriver::~WindowDriver() = default;

void WindowDriver::write(const QString& file, const QByteArray& text) const
{
    QSaveFile saved(path(file));
    if (!saved.open(QFile::WriteOnly) || saved.write(text) < 0 || !saved.commit())
        qFatal("cannot write %s", qPrintable(file));
}

QByteArray WindowDriver::read(const QString& file) const
{
    QFile opened(path(file));
    return opened.open(QFile::ReadOnly) ? opened.readAll() : QByteArray();
}

bool WindowDriver::open(bool trusted)
{
    m_trusted = trusted;
    m_window->show();
    return QTest::qWaitForWindowActive(m_window.get()) && m_window->openWorkspace(m_folder.path());
}

void WindowDriver::key(int key, Qt::KeyboardModifiers modifiers)
{
    QWidget* focus = QApplication::focusWidget();
    QTest::keyClick(focus ? focus : m_window.get(), static_cast<Qt::Key>(key), modifiers);
}

void WindowDriver::clickTool(const char* action)
{
    auto* bar = m_window->findChild<QToolBar*>(QStringLiteral("toolbar.main"));
    QTest::mouseClick(bar->widgetForAction(m_window->actions().action(QLatin1String(action))),
                      Qt::LeftButton);
}

bool WindowDriver::clickButton(const QString& text)
{
    for (QPushButton* button : m_window->findChildren<QPushButton*>())
        if (button->isVisible() && button->text() == text) {
            QTest::mouseClick(button, Qt::LeftButton);
            return true;
        }
    return false;
}

bool WindowDriver::clickInExplorer(const QString& name)
{
    QTreeView* tree = m_window->findChild<ExplorerPane*>()->tree();
    const QModelIndex index = named(*tree->model(), name);
    if (!index.isValid())
        return false;
    tree->scrollTo(index);
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(index).center());
    return true;
}

bool WindowDriver::chooseEvent(const QString& title)
{
    for (QComboBox* box : m_window->findChildren<QComboBox*>())
        if (box->accessibleName() == QStringLiteral("Test events and templates")) {
            box->setFocus();
            QTest::keyClicks(box, title); // as on any list: typing goes to the line
            return box->currentText() == title;
        }
    return false;
}

QString WindowDriver::output() const
{
    for (const JsonView* view : m_window->findChild<ResultPane*>()->findChildren<JsonView*>())
        if (view->isVisible())
            return view->text();
    return {};
}

QString WindowDriver::log() const
{
    return m_window->findChild<ResultPane*>()->findChild<LogView*>()->toPlainText();
}

QString WindowDriver::instance() const
{
    return m_window->findChild<ResultPane*>()->findChildren<StatBox*>().last()->value();
}

QString WindowDriver::reason() const
{
    for (const QLabel* label : m_window->findChild<ResultPane*>()->findChildren<QLabel*>())
        if (label->isVisible() && label->wordWrap() && label->textInteractionFlags() != 0)
            return label->text();
    return {};
}

QString WindowDriver::bar() const
{
    QStringList said;
    for (const MessageBar* bar : m_window->findChildren<MessageBar*>())
        if (bar->isVisible())
            said << bar->text();
    return said.join(QLatin1Char('\n'));
}

QString WindowDriver::badge(const QString& name, int role) const
{
    const ExplorerModel& model = m_window->findChild<ExplorerPane*>()->model();
    return named(model, name).data(role).toString();
}

const QAbstractItemModel* WindowDriver::table() const
{
    return m_window->findChild<AttemptsTable*>()->model();
}

void WindowDriver::clickRow(int row)
{
    auto* view = m_window->findChild<AttemptsTable*>();
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                      view->visualRect(view->model()->index(row, 0)).center());
}

int WindowDriver::attempts() const
{
    return table()->rowCount();
}

QString WindowDriver::cell(int row, const QString& column, int role) const
{
    for (int at = 0; at < table()->columnCount(); ++at)
        if (table()->headerData(at, Qt::Horizontal).toString() == column)
            return table()->index(row, at).data(role).toString();
    return {};
}

QStringList WindowDriver::column(const QString& title) const
{
    QStringList cells;
    for (int row = 0; row < attempts(); ++row)
        cells << cell(row, title);
    return cells;
}

QString WindowDriver::statusStrip() const
{
    QStringList said;
    const auto* strip = m_window->findChild<StatusStrip*>();
    for (const StatusDot* dot : strip->findChildren<StatusDot*>())
        said << dot->text();
    for (const QLabel* label : strip->findChildren<QLabel*>())
        said << label->text();
    return said.join(QLatin1Char('\n'));
}

void WindowDriver::whenModal(std::function<bool(QWidget&)> work)
{
    auto* look = new QTimer(m_window.get());
    QObject::connect(look, &QTimer::timeout, look, [look, work = std::move(work)] {
        QWidget* modal = QApplication::activeModalWidget();
        if (!modal || !modal->isVisible())
            return;
        look->stop(); // the work may open the next one
        if (work(*modal))
            look->deleteLater();
        else
            look->start();
    });
    look->start(kLookMs);
}

} // namespace coldframe::ui::window_test

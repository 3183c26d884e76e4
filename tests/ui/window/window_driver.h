#pragma once

#include <QDialog>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <functional>
#include <memory>

#include "ui/explorer/explorer_model.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme_manager.h"

class QAbstractItemModel;

namespace coldframe::ui::window_test {

inline constexpr int kPatienceMs = 60'000; ///< to wait for a condition: machines are shared

/// A copy of examples/uppercase, which a test may change, and the window over it as the program
/// opens it: real session, real processes. It is looked at and used as from a chair: by what the
/// widgets show, with clicks and keys.
class WindowDriver {
public:
    explicit WindowDriver(ThemeManager& themes);
    ~WindowDriver();

    /// Writes one of the copy's files, whole at once as editors do.
    void write(const QString& file, const QByteArray& text) const;
    QByteArray read(const QString& file) const;
    QString path(const QString& file) const { return m_folder.filePath(file); }
    /// False when the window did not appear or could not open the copy.
    bool open(bool trusted = true);
    MainWindow& window() { return *m_window; }
    /// What the session tells the window; null before it is open.
    SnapshotPtr snapshot() const { return m_port ? m_port->snapshot() : nullptr; }
    SessionPort* port() const { return m_port; } ///< likewise

    void key(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    void clickTool(const char* action);
    bool clickButton(const QString& text);
    /// A line of the explorer, by its name; false when there is none.
    bool clickInExplorer(const QString& name);
    bool chooseEvent(const QString& title);
    void clickRow(int row); ///< of the invocations
    /// Once a dialog of this kind is open, does something with it.
    template <typename Dialog> void inDialog(std::function<void(Dialog&)> work)
    {
        whenModal([work = std::move(work)](QWidget& modal) {
            auto* dialog = qobject_cast<Dialog*>(&modal);
            if (dialog)
                work(*dialog);
            return dialog != nullptr;
        });
    }

    QString output() const;
    QString log() const;
    QString instance() const; ///< "i-01 · cold"
    QString reason() const; ///< the sentence under the result's figures
    /// Of a line in the explorer.
    QString badge(const QString& name, int role = ExplorerModel::BadgeRole) const;
    QString bar() const; ///< what the bar above the panes says; empty when there is none
    int attempts() const;
    /// A cell of the table of attempts, newest row first.
    QString cell(int row, const QString& column, int role = Qt::DisplayRole) const;
    QStringList column(const QString& title) const;
    QString statusStrip() const; ///< all that it says

private:
    void whenModal(std::function<bool(QWidget&)> work);
    const QAbstractItemModel* table() const;

    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;
    bool m_trusted = true;
    SessionPort* m_port = nullptr;
};

} // namespace coldframe::ui::window_test

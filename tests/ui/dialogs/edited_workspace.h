#pragma once

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "session/workspace_editor.h"
#include "ui/dialogs/entry_dialog.h"
#include "ui/support/format.h"

namespace coldframe::ui::edit_test {

/// A workspace in a folder of its own, and its file.
class EditedWorkspace {
public:
    EditedWorkspace()
    {
        QDir(m_folder.path()).mkpath(QStringLiteral("code"));
        write(QStringLiteral("code/app.py"), "def run(event, context):\n    return 1\n");
        write(QStringLiteral("coldframe.json"), kFile);
    }
    void write(const QString& name, const QByteArray& content) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QFile::WriteOnly) || file.write(content) < 0)
            qFatal("cannot write %s", qPrintable(name));
    }
    QByteArray file() const
    {
        QFile opened(m_folder.filePath(QStringLiteral("coldframe.json")));
        return opened.open(QFile::ReadOnly) ? opened.readAll() : QByteArray();
    }
    session::WorkspaceEditor editor() const
    {
        return {m_folder.filePath(QStringLiteral("coldframe.json")).toStdString(),
                COLDFRAME_SOURCE_DIR "/resources", nullptr};
    }
    template <typename Dialog> std::unique_ptr<Dialog> open(const char* name) const
    {
        auto dialog = std::make_unique<Dialog>(name, editor(), file().toStdString());
        dialog->show();
        return QTest::qWaitForWindowActive(dialog.get()) ? std::move(dialog) : nullptr;
    }
    /// The file with other text at one place.
    static QByteArray with(const QByteArray& from, const QByteArray& to)
    {
        QByteArray text = kFile;
        return text.contains(from) ? text.replace(from, to) : "not there: " + from;
    }

    static inline const QByteArray kFile = R"j({
  "format": 1,
  "functions": {
    "one": {
      "runtime": "python", "code": "code", "handler": "app.run",
      "memoryMb": 256,
      "environment": { "MODE": "fast", "LEVEL": "1" },
      "async": { "retries": 0 },
      "onSuccess": { "store": "out" }
    },
    "pipe": { "runtime": "command", "code": "code", "command": ["sh", "-c", "cat; true"] }
  },
  "stores": {
    "in": { "kind": "folder", "path": "data/in" },
    "out": { "kind": "folder", "path": "data/out" }
  },
  "triggers": {
    "files": { "kind": "file", "store": "in", "function": "one" },
    "daily": { "kind": "schedule", "expression": "rate(1 day)", "function": "one" }
  }
}
)j";

private:
    QTemporaryDir m_folder;
};

template <typename Widget = QLineEdit> Widget* field(const EntryDialog& dialog, const char* key)
{
    return dialog.findChild<Widget*>(QStringLiteral("field.") + QLatin1String(key));
}

/// What stands under a field; empty when nothing is wrong with it.
inline QString problem(const EntryDialog& dialog, const char* key)
{
    const auto* label = dialog.findChild<QLabel*>(QStringLiteral("problem.") + QLatin1String(key));
    return label->isVisible() ? label->text() : QString();
}

inline QString rest(const EntryDialog& dialog)
{
    return dialog.findChild<QLabel*>(QStringLiteral("rest"))->text();
}

inline QPushButton* ok(const EntryDialog& dialog)
{
    return dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
}
inline QPushButton* cancel(const EntryDialog& dialog)
{
    return dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Cancel);
}

/// As a person does it: into the field, all of it chosen, typed over.
inline void type(const EntryDialog& dialog, const char* key, const QString& typed)
{
    auto* edit = dialog.findChild<QWidget*>(QStringLiteral("field.") + QLatin1String(key));
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(edit, Qt::Key_Delete);
    for (const QChar c : typed)
        if (c == QLatin1Char('\n'))
            QTest::keyClick(edit, Qt::Key_Return);
        else
            QTest::keyClick(edit, c.toLatin1());
}

/// Typing goes to the line of the list that begins so.
inline void choose(const EntryDialog& dialog, const char* key, const QString& beginning)
{
    auto* box = field<QComboBox>(dialog, key);
    box->setFocus();
    QTest::keyClicks(box, beginning);
}

} // namespace coldframe::ui::edit_test

#pragma once

#include <QString>
#include <QStringList>

#include <functional>

namespace coldframe::ui {

/// What decides which editor is used. Handed in, so that a test needs no editor.
struct EditorChoice {
    QString setting; ///< a command with its arguments; empty: none chosen
    QString visual, editor; ///< $VISUAL and $EDITOR
    std::function<bool(const QString& program)> exists; ///< on the PATH, or an executable file
};

/// Program and arguments that open `file` at `line` (0: anywhere); empty when there is no editor.
/// The chosen one, else $VISUAL or $EDITOR if it has a window, else what is installed, else $VISUAL
/// or $EDITOR in a terminal. Never a line for a shell.
QStringList editorCommand(const EditorChoice& choice, const QString& file, int line, int column);

/// Opens it with the user's editor. Returns what went wrong and what to do; empty when nothing.
QString openInEditor(const QString& setting, const QString& file, int line = 0, int column = 0);

} // namespace coldframe::ui

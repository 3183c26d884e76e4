#include "ui/support/editor_command.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>

#include <algorithm>
#include <array>

namespace coldframe::ui {

namespace {

/// How an editor is told the place.
enum class Place { Goto, LineOption, PlusLine, Suffix, FileOnly };

struct Editor {
    const char* name;
    Place place;
    bool terminal;
};
constexpr std::array kKnown{Editor{"code", Place::Goto, false},
                            Editor{"codium", Place::Goto, false},
                            Editor{"code-insiders", Place::Goto, false},
                            Editor{"kate", Place::LineOption, false},
                            Editor{"kwrite", Place::LineOption, false},
                            Editor{"gedit", Place::PlusLine, false},
                            Editor{"gnome-text-editor", Place::PlusLine, false},
                            Editor{"subl", Place::Suffix, false},
                            Editor{"gvim", Place::PlusLine, false},
                            Editor{"xdg-open", Place::FileOnly, false},
                            Editor{"emacs", Place::PlusLine, false},
                            Editor{"vim", Place::PlusLine, true},
                            Editor{"vi", Place::PlusLine, true},
                            Editor{"nvim", Place::PlusLine, true},
                            Editor{"nano", Place::PlusLine, true},
                            Editor{"micro", Place::PlusLine, true},
                            Editor{"joe", Place::PlusLine, true},
                            Editor{"ed", Place::FileOnly, true}};
constexpr std::array kLookedFor{"code", "kate", "gedit", "xdg-open"};
constexpr const char* kTerminal = "x-terminal-emulator";

QString tr(const char* source)
{
    return QCoreApplication::translate("Editor", source);
}

/// An unknown one is taken for a window that knows no lines.
Editor editorOf(const QStringList& command)
{
    const QString name = QFileInfo(command.value(0)).fileName();
    const auto found = std::ranges::find_if(
        kKnown, [&](const Editor& known) { return name == QLatin1String(known.name); });
    Editor editor = found == kKnown.end() ? Editor{"", Place::FileOnly, false} : *found;
    if (command.contains(QLatin1String("-nw"))) // emacs without a window
        editor.terminal = true;
    return editor;
}

QStringList withPlace(QStringList command, const QString& file, int line, int column)
{
    const QString at = QString::number(line);
    switch (line > 0 ? editorOf(command).place : Place::FileOnly) {
    case Place::Goto:
        return command << QStringLiteral("-g")
                       << file + QLatin1Char(':') + at
            + (column > 0 ? QLatin1Char(':') + QString::number(column) : QString());
    case Place::LineOption:
        return command << QStringLiteral("-l") << at << file;
    case Place::PlusLine:
        return command << QLatin1Char('+') + at << file;
    case Place::Suffix:
        return command << file + QLatin1Char(':') + at;
    case Place::FileOnly:
        break;
    }
    return command << file;
}

} // namespace

QStringList editorCommand(const EditorChoice& choice, const QString& file, int line, int column)
{
    const auto open = [&](const QStringList& command) {
        const QStringList whole = withPlace(command, file, line, column);
        return editorOf(command).terminal
            ? QStringList{QLatin1String(kTerminal), QStringLiteral("-e")} + whole
            : whole;
    };
    if (const QStringList chosen = QProcess::splitCommand(choice.setting); !chosen.isEmpty())
        return open(chosen);
    QStringList inTerminal;
    for (const QString& variable : {choice.visual, choice.editor}) {
        const QStringList command = QProcess::splitCommand(variable);
        if (command.isEmpty() || !choice.exists(command.front()))
            continue;
        if (!editorOf(command).terminal)
            return open(command);
        if (inTerminal.isEmpty())
            inTerminal = command;
    }
    for (const char* name : kLookedFor)
        if (choice.exists(QLatin1String(name)))
            return open({QLatin1String(name)});
    if (!inTerminal.isEmpty() && choice.exists(QLatin1String(kTerminal)))
        return open(inTerminal);
    return {};
}

QString openInEditor(const QString& setting, const QString& file, int line, int column)
{
    if (!QFileInfo::exists(file))
        return tr("%1 is not there any more.").arg(file);
    QStringList command
        = editorCommand({.setting = setting,
                         .visual = qEnvironmentVariable("VISUAL"),
                         .editor = qEnvironmentVariable("EDITOR"),
                         .exists =
                             [](const QString& program) {
                                 return !QStandardPaths::findExecutable(program).isEmpty();
                             }},
                        file, line, column);
    if (command.isEmpty())
        return tr("No editor was found. Choose one in the menu Edit, “Choose editor…”.");
    const QString program = command.takeFirst();
    if (!QProcess::startDetached(program, command))
        return tr("%1 cannot be started. Choose another one in the menu Edit, “Choose editor…”.")
            .arg(program);
    return {};
}

} // namespace coldframe::ui

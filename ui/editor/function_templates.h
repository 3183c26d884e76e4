#pragma once

#include <QList>
#include <QString>

#include <functional>
#include <string>

#include "model/error.h"
#include "model/workspace.h"

namespace coldframe::ui {

/// An event that a trigger of a function would send.
struct FunctionTemplate {
    QString title; ///< "on-upload: new file in uploads"
    QString description; ///< what the event is
    std::string shape; ///< as in resources/events/index.json; empty: the user's own
    /// Makes the text, laid out. Reads the store: not for the window's own thread.
    std::function<Result<QString>()> make;
};

/// One for every trigger of the function, in the order of the workspace file; two of a file trigger
/// that hears of removed files, too. An event of a file tells of the first object that the trigger
/// would fire for, with its size and ETag; of a made-up key when there is none yet.
QList<FunctionTemplate> functionTemplates(const Workspace& workspace, const std::string& function);

} // namespace coldframe::ui

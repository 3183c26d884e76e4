#include "model/error.h"

namespace coldframe {

std::string describe(const Error& error)
{
    std::string text;
    if (!error.file.empty()) {
        text += error.file;
        if (error.line > 0) {
            text += ':' + std::to_string(error.line);
            if (error.column > 0)
                text += ':' + std::to_string(error.column);
        }
        text += ": ";
    }
    if (!error.pointer.empty())
        text += error.pointer + ": ";
    text += error.message;
    if (!error.hint.empty())
        text += "; " + error.hint;
    return text;
}

std::string describe(const std::vector<Error>& errors)
{
    std::string text;
    for (const Error& error : errors)
        text += describe(error) + '\n';
    return text;
}

} // namespace coldframe

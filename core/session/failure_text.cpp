#include "session/failure_text.h"

#include "model/json_text.h"
#include "model/utf8.h"

namespace coldframe::session {

namespace {
constexpr std::size_t kMostOfMessage = 300; ///< bytes of an error's message
}

std::string failureText(const std::string& errorType, const live::Text& document)
{
    if (errorType.empty() || !document)
        return errorType;
    const auto json = parseJson(*document, {});
    const auto message
        = json && json->root().isObject() ? json->root().find("errorMessage") : std::nullopt;
    std::string said = message && message->isString() ? message->string() : std::string();
    std::size_t end = 0;
    while (end < said.size()) {
        const std::size_t length = utf8Length(said, end);
        if (length == 0 || end + length > kMostOfMessage)
            break;
        end += length;
    }
    said.resize(end);
    return said.empty() ? errorType : errorType + ": " + said;
}

} // namespace coldframe::session

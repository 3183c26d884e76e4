#include "ui/result/result_text.h"

#include <QStringList>

#include "model/json_text.h"
#include "ui/editor/json_format.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {
constexpr std::size_t kLargestFormatted = 2U << 20; ///< above this the output is shown as it came
} // namespace

QString prettyOutput(const std::string& payload)
{
    if (payload.size() <= kLargestFormatted)
        if (const auto parsed = parseJson(payload, std::string()))
            return QString::fromStdString(formatJson(*parsed));
    return text(payload);
}

QString failureText(const session::Answer& answer)
{
    if (answer.throttled || answer.accepted || answer.outcome == engine::Outcome::Succeeded)
        return {};
    const auto document = parseJson(answer.payload, std::string());
    if (!document || !document->root().isObject())
        return {};
    QStringList words;
    for (const char* key : {"errorType", "errorMessage"})
        if (const auto said = document->root().find(key); said && said->isString())
            words << text(said->string()).section(QLatin1Char('\n'), 0, 0);
    return words.isEmpty() ? QString() : words.join(QStringLiteral(": ")) + QLatin1Char('\n');
}

} // namespace coldframe::ui

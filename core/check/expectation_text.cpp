#include "check/expectation_text.h"

#include <fmt/format.h>

#include "check/subject.h"

namespace coldframe::check {

namespace {

/// Two blanks a level, numbers as they are written.
class Printer {
public:
    std::string print(const JsonValue& value, int level)
    {
        m_text.clear();
        write(value, level);
        return std::move(m_text);
    }

private:
    void newLine(int level)
    {
        m_text += '\n';
        m_text.append(static_cast<std::size_t>(level) * 2, ' ');
    }

    void write(const JsonValue& value, int level)
    {
        bool first = true;
        const auto begin = [&] {
            m_text += first ? "" : ",";
            first = false;
            newLine(level + 1);
        };
        if (value.isObject()) {
            m_text += '{';
            for (const JsonMember& member : value.members()) {
                begin();
                m_text += asJson(member.key) + ": ";
                write(member.value, level + 1);
            }
            close('}', first, level);
        } else if (value.isArray()) {
            m_text += '[';
            for (const JsonValue& element : value.elements()) {
                begin();
                write(element, level + 1);
            }
            close(']', first, level);
        } else {
            m_text += value.raw();
        }
    }

    void close(char bracket, bool empty, int level)
    {
        if (!empty)
            newLine(level);
        m_text += bracket;
    }

    std::string m_text;
};

} // namespace

std::string expectationText(const std::string& function, const Observed& observed)
{
    std::string text = fmt::format("{{\n  \"function\": {},\n  \"status\": \"{}\"",
                                   asJson(function), word(observed.status));
    if (observed.status == Status::Succeeded) {
        if (const Result<JsonText> result = parseJson(observed.payload, {}))
            text += ",\n  \"result\": " + Printer().print(result->root(), 1);
    } else if (isFailure(observed.status)) {
        const ErrorWords words = errorWords(observed.payload);
        text += ",\n  \"errorType\": " + asJson(words.type);
        if (const std::string pattern = '^' + escapedForPattern(words.message) + '$';
            !words.message.empty() && Pattern::compile(pattern))
            text += ",\n  \"errorMessageMatches\": " + asJson(pattern);
    }
    return text + "\n}\n";
}

} // namespace coldframe::check

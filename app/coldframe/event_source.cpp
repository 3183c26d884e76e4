#include "event_source.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "model/json_text.h"
#include "model/text_file.h"

namespace coldframe::commands {

namespace {

/// Ten times what any platform takes; it says the exact limit itself.
constexpr std::size_t kMaxBytes = 64 * 1024 * 1024;

Result<std::string> readStandardInput()
{
    std::string text;
    std::array<char, 65'536> buffer{};
    for (;;) {
        const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got == 0)
            return text;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return tl::unexpected(
                Error{.code = Error::Code::Io,
                      .message = std::string("the event cannot be read: ") + std::strerror(errno),
                      .hint = "check what is connected to standard input",
                      .file = "standard input"});
        if (text.size() + static_cast<std::size_t>(got) > kMaxBytes)
            return tl::unexpected(Error{.code = Error::Code::LimitReached,
                                        .message = "the event is larger than 64 MB",
                                        .hint = "store the data as a file and send its key",
                                        .file = "standard input"});
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

} // namespace

Result<std::string> readSource(const std::string& source)
{
    return source == "-" ? readStandardInput() : readTextFile(source, kMaxBytes);
}

Result<std::string> checkedEvent(std::string text, const std::string& fileName)
{
    if (nlohmann::json::accept(text))
        return text;
    // What platforms accept (a key used twice, for one) is sent; what is no JSON gets a place.
    auto parsed = parseJson(std::move(text), fileName);
    if (!parsed)
        return tl::unexpected(parsed.error());
    return parsed->text();
}

Result<std::string> readEvent(const std::string& source)
{
    if (source.empty())
        return std::string("{}");
    Result<std::string> text = readSource(source);
    if (!text && text.error().hint.empty())
        text.error().hint = "correct the path after --event; - reads standard input";
    if (!text)
        return text;
    return checkedEvent(std::move(*text), source == "-" ? "standard input" : source);
}

} // namespace coldframe::commands

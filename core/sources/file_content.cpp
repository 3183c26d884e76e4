#include "sources/file_event.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/base64.h"
#include "sources/event_text.h"

namespace coldframe::sources {

namespace {

using nlohmann::json;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Takes every JSON value and keeps none: only whether, and where, the text goes wrong.
struct Checker : nlohmann::json_sax<json> {
    std::size_t failedAt = 0; ///< bytes read when it went wrong, from 1
    std::string problem;

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(std::int64_t) override { return true; }
    bool number_unsigned(std::uint64_t) override { return true; }
    bool number_float(double, const std::string&) override { return true; }
    bool string(std::string&) override { return true; }
    bool binary(json::binary_t&) override { return true; }
    bool start_object(std::size_t) override { return true; }
    bool key(std::string&) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override
    {
        failedAt = position;
        problem = plainWords(error.what());
        return false;
    }

    /// The library's text behind its own prefix and place: "[json.exception…] parse error at line
    /// 1, column 2: syntax error while parsing value - invalid literal; last read: 'x'".
    static std::string plainWords(std::string text)
    {
        for (const char* end : {": ", " - "})
            if (const auto at = text.find(end); at != std::string::npos)
                text.erase(0, at + std::string_view(end).size());
        return text;
    }
};

struct Place {
    int line = 1, column = 1;
};

Place placeOf(std::string_view text, std::size_t byte)
{
    const std::string_view before = text.substr(0, std::min(byte, text.size()));
    const auto newline = before.rfind('\n');
    return {1 + static_cast<int>(std::ranges::count(before, '\n')),
            static_cast<int>(newline == before.npos ? before.size() : before.size() - newline - 1)
                + 1};
}

Error notJson(const std::filesystem::path& file, std::string problem, Place place)
{
    return Error{.code = Error::Code::Malformed,
                 .message = "the file is not JSON: " + std::move(problem),
                 .hint = "correct the file, or use \"shape\": \"body\" for other text",
                 .file = file.string(),
                 .line = place.line,
                 .column = place.column};
}

Error cannotRead(const std::filesystem::path& file, int number)
{
    const bool gone = number == ENOENT || number == ENOTDIR;
    return Error{.code = gone ? Error::Code::Missing : Error::Code::Io,
                 .message = "cannot read the file: " + std::generic_category().message(number),
                 .hint = gone ? "it was removed before its event was made: leave files in place "
                                "until they are processed"
                              : "allow your user to read it (chmod, chown), then touch it: that "
                                "makes its event",
                 .file = file.string()};
}

Error tooLarge(const std::filesystem::path& file, std::uint64_t bytes, std::uint64_t maxBytes)
{
    return Error{.code = Error::Code::LimitReached,
                 .message
                 = fmt::format("the file has {} bytes; an event holds at most {}", bytes, maxBytes),
                 .hint = "use \"shape\": \"s3\", which hands over the key, and read the file in "
                         "the function",
                 .file = file.string()};
}

/// Closes at the end of its scope.
struct Descriptor {
    int number;
    ~Descriptor()
    {
        if (number >= 0)
            ::close(number);
    }
};

} // namespace

Result<std::string> readFileForEvent(const std::filesystem::path& file, std::uint64_t maxBytes)
{
    const Descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat status { };
    if (opened.number < 0 || ::fstat(opened.number, &status) != 0)
        return tl::unexpected(cannotRead(file, errno));
    if (!S_ISREG(status.st_mode))
        return tl::unexpected(cannotRead(file, EISDIR));
    if (static_cast<std::uint64_t>(status.st_size) > maxBytes)
        return tl::unexpected(tooLarge(file, static_cast<std::uint64_t>(status.st_size), maxBytes));
    std::string bytes(static_cast<std::size_t>(status.st_size) + 1, '\0');
    std::size_t length = 0;
    while (true) {
        const ssize_t got = ::read(opened.number, bytes.data() + length, bytes.size() - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return tl::unexpected(cannotRead(file, errno));
        if (got == 0)
            break;
        length += static_cast<std::size_t>(got);
        if (length > maxBytes)
            return tl::unexpected(tooLarge(file, length, maxBytes));
        if (length == bytes.size()) // it grew meanwhile
            bytes.resize(length * 2);
    }
    bytes.resize(length);
    return bytes;
}

Result<std::string> contentEvent(std::string text, const std::filesystem::path& file)
{
    if (text.starts_with(kByteOrderMark))
        text.erase(0, kByteOrderMark.size());
    if (text.find_first_not_of(" \t\r\n") == text.npos)
        return tl::unexpected(notJson(file, "it is empty", {}));
    Checker checker;
    if (json::sax_parse(text, &checker))
        return text;
    const std::size_t byte = checker.failedAt > 0 ? checker.failedAt - 1 : 0;
    return tl::unexpected(notJson(file, checker.problem, placeOf(text, byte)));
}

std::string bodyEvent(std::string_view bytes)
{
    try {
        return fmt::format(R"({{"body": {}, "isBase64Encoded": false}})", json(bytes).dump());
    } catch (const json::exception&) { // not UTF-8
        return fmt::format(R"({{"body": "{}", "isBase64Encoded": true}})", toBase64(bytes));
    }
}

} // namespace coldframe::sources

#include "http/response_head.h"

#include <charconv>
#include <ctime>

namespace coldframe::http {
namespace {

struct Phrase {
    int status;
    std::string_view text;
};

// Source: RFC 9110 section 15 and RFC 6585, read 2026-11-22.
constexpr Phrase kPhrases[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {424, "Failed Dependency"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

void appendNumber(std::string& out, std::size_t number)
{
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

/// "Date: Wed, 04 Mar 2026 09:15:07 GMT\r\n", made anew once a second.
std::string_view dateLine()
{
    thread_local std::time_t madeFor = -1;
    thread_local char line[48];
    thread_local std::size_t size = 0;
    timespec now{};
    clock_gettime(CLOCK_REALTIME_COARSE, &now); // a few ms late, and far cheaper
    if (now.tv_sec != madeFor) {
        // Not strftime: a program with a window runs under the user's locale.
        static constexpr char kDays[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr char kMonths[][4]
            = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm utc{};
        gmtime_r(&now.tv_sec, &utc);
        const auto two = [](char* at, int value) {
            at[0] = static_cast<char>('0' + value / 10 % 10);
            at[1] = static_cast<char>('0' + value % 10);
        };
        std::string text = "Date: Wed, 04 Mar 2026 09:15:07 GMT\r\n";
        text.replace(6, 3, kDays[utc.tm_wday]);
        two(&text[11], utc.tm_mday);
        text.replace(14, 3, kMonths[utc.tm_mon]);
        two(&text[18], (utc.tm_year + 1900) / 100);
        two(&text[20], utc.tm_year % 100);
        two(&text[23], utc.tm_hour);
        two(&text[26], utc.tm_min);
        two(&text[29], utc.tm_sec);
        size = text.copy(line, sizeof line);
        madeFor = now.tv_sec;
    }
    return {line, size};
}

} // namespace

std::string_view reasonPhrase(int status)
{
    for (const Phrase& phrase : kPhrases) {
        if (phrase.status == status)
            return phrase.text;
    }
    return "Unknown";
}

bool mayHaveBody(int status)
{
    return status != 204 && status != 304;
}

void writeResponseHead(std::string& out, int status, std::string_view headers, std::size_t bodySize,
                       Afterwards afterwards)
{
    out.assign("HTTP/1.1 ");
    appendNumber(out, static_cast<std::size_t>(status));
    out += ' ';
    out += reasonPhrase(status);
    out += "\r\n";
    out += dateLine();
    if (mayHaveBody(status)) {
        out += "Content-Length: ";
        appendNumber(out, bodySize);
        out += "\r\n";
    }
    if (afterwards == Afterwards::Close)
        out += "Connection: close\r\n";
    else if (afterwards == Afterwards::KeepAliveHttp10)
        out += "Connection: keep-alive\r\n";
    out += headers;
    out += "\r\n";
}

} // namespace coldframe::http

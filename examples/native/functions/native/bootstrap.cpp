// A function in C++17 without any library: the Lambda Runtime API over one plain keep-alive socket.
// It answers each event with the same JSON, the ASCII letters of its string values (not of its keys) in upper case.

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

const std::string kBase = "/2018-06-01/runtime/";

// ---------------------------------------------------------------- the handler

struct Answer {
    bool ok;
    std::string json;
};

Answer failure(const std::string& type, const std::string& message)
{
    return {false, "{\"errorMessage\":\"" + message + "\",\"errorType\":\"" + type + "\",\"stackTrace\":[]}"};
}

// The place after the closing quote of the string that opens at `open`, or npos.
std::size_t endOfString(std::string_view json, std::size_t open)
{
    for (std::size_t i = open + 1; i < json.size(); ++i) {
        if (json[i] == '\\')
            ++i;
        else if (json[i] == '"')
            return i + 1;
    }
    return std::string_view::npos;
}

Answer handle(std::string_view event)
{
    if (const std::size_t first = event.find('"'); event.substr(0, 1) == "{" && event.substr(std::min(first, event.size()), 6) == "\"fail\"")
        return failure("Order.Refused", "the event asked for a failure");
    std::string out(event);
    for (std::size_t i = out.find('"'); i != std::string::npos; i = out.find('"', i)) {
        const std::size_t end = endOfString(event, i);
        if (end == std::string_view::npos)
            return failure("Order.Unreadable", "the event has a string without an end");
        const std::size_t after = event.find_first_not_of(" \t\r\n", end);
        const bool isKey = after != std::string_view::npos && event[after] == ':';
        for (; !isKey && i < end; ++i) {
            if (out[i] == '\\')
                ++i; // an escape such as \n or \u00e9 stays as it is
            else if (out[i] >= 'a' && out[i] <= 'z')
                out[i] = static_cast<char>(out[i] - 'a' + 'A');
            if (out[i] == 'u' && out[i - 1] == '\\')
                i += 4;
        }
        i = end;
    }
    return {true, std::move(out)};
}

// ---------------------------------------------------------------- the connection

class RuntimeApi {
public:
    explicit RuntimeApi(const std::string& address)
        : host_(address.substr(0, address.rfind(':'))), port_(address.substr(address.rfind(':') + 1)),
          nextRequest_("GET " + kBase + "invocation/next HTTP/1.1\r\nHost: " + address + "\r\n\r\n"),
          postHost_(" HTTP/1.1\r\nHost: " + address + "\r\nContent-Type: application/json\r\nContent-Length: ")
    {
    }
    ~RuntimeApi() { disconnect(); }
    RuntimeApi(const RuntimeApi&) = delete;
    RuntimeApi& operator=(const RuntimeApi&) = delete;

    // Waits for an event. False when the Runtime API is gone.
    bool next(std::string& requestId, std::string_view& event)
    {
        if (!exchange(nextRequest_, 3) || status_ != 200)
            return false;
        requestId = header("lambda-runtime-aws-request-id");
        event = body_;
        return !requestId.empty();
    }

    bool post(const std::string& requestId, const Answer& answer)
    {
        request_.assign("POST ").append(kBase).append("invocation/").append(requestId);
        request_.append(answer.ok ? "/response" : "/error").append(postHost_);
        request_.append(std::to_string(answer.json.size())).append("\r\n\r\n").append(answer.json);
        return exchange(request_, 2);
    }

private:
    // One request and its whole answer; a connection lost in between is opened again.
    bool exchange(const std::string& request, int tries)
    {
        while (tries-- > 0) {
            if (socket_ < 0 && !connect())
                return false;
            if (send(request) && receive())
                return true;
            disconnect();
        }
        return false;
    }

    bool connect()
    {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = AI_NUMERICSERV;
        addrinfo* found = nullptr;
        if (getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found) != 0)
            return false;
        for (const addrinfo* a = found; a != nullptr && socket_ < 0; a = a->ai_next) {
            socket_ = ::socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
            if (socket_ >= 0 && ::connect(socket_, a->ai_addr, a->ai_addrlen) != 0)
                disconnect();
        }
        freeaddrinfo(found);
        const int one = 1;
        if (socket_ >= 0)
            setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        return socket_ >= 0;
    }

    void disconnect()
    {
        if (socket_ >= 0)
            ::close(socket_);
        socket_ = -1;
        used_ = consumed_ = 0;
    }

    bool send(std::string_view data)
    {
        while (!data.empty()) {
            const ssize_t n = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return false;
            data.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }

    bool fill(std::size_t wanted)
    {
        if (buffer_.size() < wanted)
            buffer_.resize(wanted);
        for (;;) {
            const ssize_t n = ::recv(socket_, buffer_.data() + used_, buffer_.size() - used_, 0);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return false;
            used_ += static_cast<std::size_t>(n);
            return true;
        }
    }

    // Reads one answer with a Content-Length; head_ and body_ then point into the buffer.
    bool receive()
    {
        used_ -= consumed_;
        std::memmove(buffer_.data(), buffer_.data() + consumed_, used_);
        consumed_ = 0;
        std::size_t end;
        while ((end = std::string_view(buffer_.data(), used_).find("\r\n\r\n")) == std::string_view::npos)
            if (!fill(used_ + 4096))
                return false;
        head_ = std::string_view(buffer_.data(), end + 2);
        const std::size_t start = end + 4;
        const std::size_t size = std::strtoul(std::string(header("content-length")).c_str(), nullptr, 10);
        while (used_ < start + size)
            if (!fill(start + size))
                return false;
        head_ = std::string_view(buffer_.data(), end + 2);
        body_ = std::string_view(buffer_.data() + start, size);
        consumed_ = start + size;
        status_ = head_.size() > 12 ? std::atoi(head_.data() + 9) : 0;
        return true;
    }

    // A header of the last answer; `name` in lower case.
    std::string_view header(std::string_view name) const
    {
        for (std::size_t line = head_.find("\r\n"); line + 2 < head_.size(); line = head_.find("\r\n", line + 2)) {
            const std::string_view rest = head_.substr(line + 2);
            if (rest.size() > name.size() && rest[name.size()] == ':' && strncasecmp(rest.data(), name.data(), name.size()) == 0) {
                const std::size_t from = rest.find_first_not_of(' ', name.size() + 1);
                return rest.substr(from, rest.find("\r\n") - from);
            }
        }
        return {};
    }

    std::string host_, port_, nextRequest_, postHost_, request_;
    std::string buffer_ = std::string(16384, '\0');
    std::size_t used_ = 0, consumed_ = 0; // bytes in the buffer; those of the last answer
    std::string_view head_, body_;
    int socket_ = -1, status_ = 0;
};

} // namespace

int main()
{
    const char* address = std::getenv("AWS_LAMBDA_RUNTIME_API");
    if (address == nullptr || std::strchr(address, ':') == nullptr) {
        std::fputs("bootstrap: AWS_LAMBDA_RUNTIME_API is not set; this program is started as a function\n", stderr);
        return 1;
    }
    RuntimeApi api(address);
    std::string requestId;
    std::string_view event;
    while (api.next(requestId, event))
        if (!api.post(requestId, handle(event)))
            break;
    std::fputs("bootstrap: the Runtime API is gone\n", stderr);
    return 1;
}

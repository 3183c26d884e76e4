#include <utility> // before asio: Boost 1.74 with GCC 12 needs it

#include "http/post.h"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

namespace coldframe::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr std::size_t kKept = 4096; ///< bytes of an answer's body
constexpr std::uint64_t kMostOfAnswer = 1u << 20;

using Code = boost::system::error_code;
template <typename T> using Task = asio::awaitable<T>;

Error notDelivered(const std::string& doing, const Code& code, const char* hint)
{
    return {
        .code = Error::Code::Unavailable, .message = doing + ": " + code.message(), .hint = hint};
}

beast::http::request<beast::http::string_body> requestOf(const PostRequest& post)
{
    beast::http::request<beast::http::string_body> request{beast::http::verb::post, post.url.target,
                                                           11};
    request.set(beast::http::field::host, post.url.authority);
    request.set(beast::http::field::user_agent, "Coldframe");
    request.set(beast::http::field::content_type, "application/json");
    for (const auto& [name, value] : post.headers)
        request.set(name, value);
    request.keep_alive(false);
    request.body() = post.body;
    request.prepare_payload();
    return request;
}

std::optional<Duration> secondsIn(beast::string_view text)
{
    unsigned seconds = 0;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || problem != std::errc() || stop != text.data() + text.size())
        return std::nullopt;
    return std::chrono::seconds(std::min(seconds, 3600u));
}

/// Waits in a coroutine; the outcome is in `code`.
auto into(Code& code)
{
    return asio::redirect_error(asio::use_awaitable, code);
}

/// One request, from the connection to the answer.
class Exchange {
public:
    Exchange(asio::io_context& io, asio::ssl::context& tls, const PostRequest& post,
             const std::vector<asio::ip::tcp::endpoint>& places)
        : m_post(post), m_places(places), m_stream(io, tls)
    { }

    Task<Result<PostAnswer>> run()
    {
        Code code;
        const HttpUrl& url = m_post.url;
        co_await beast::get_lowest_layer(m_stream).async_connect(m_places, into(code));
        if (code)
            co_return tl::unexpected(notDelivered("no connection to " + url.authority, code,
                                                  "start the server, or correct the address"));
        if (!url.tls)
            co_return co_await talk(m_stream.next_layer());
        Code isName;
        asio::ip::make_address(url.host, isName);
        if (isName)
            SSL_set_tlsext_host_name(m_stream.native_handle(), url.host.c_str());
        m_stream.set_verify_callback(asio::ssl::host_name_verification(url.host));
        co_await m_stream.async_handshake(asio::ssl::stream_base::client, into(code));
        if (code)
            co_return tl::unexpected(notDelivered(
                "no secure connection to " + url.authority, code,
                "the certificate must be for this host and signed by one that this system trusts "
                "(SSL_CERT_FILE names others)"));
        co_return co_await talk(m_stream);
    }

private:
    template <typename Stream> Task<Result<PostAnswer>> talk(Stream& stream)
    {
        Code code;
        const auto request = requestOf(m_post);
        co_await beast::http::async_write(stream, request, into(code));
        const Code sent = code; // a server may answer before it has read all
        beast::flat_buffer buffer;
        beast::http::response_parser<beast::http::string_body> parser;
        parser.body_limit(kMostOfAnswer);
        co_await beast::http::async_read(stream, buffer, parser, into(code));
        if (!parser.is_header_done())
            co_return tl::unexpected(notDelivered("no answer from " + m_post.url.authority,
                                                  sent ? sent : code,
                                                  "look into the log of the server"));
        const auto& answer = parser.get();
        co_return PostAnswer{static_cast<int>(answer.result_int()), answer.body().substr(0, kKept),
                             secondsIn(answer[beast::http::field::retry_after])};
    }

    const PostRequest& m_post;
    const std::vector<asio::ip::tcp::endpoint>& m_places;
    beast::ssl_stream<beast::tcp_stream> m_stream;
};

Error ended(const PostRequest& request, bool stopped)
{
    return {.code = Error::Code::Unavailable,
            .message = "no answer from " + request.url.authority
                + (stopped ? ": the run ends" : ": it takes longer than timeoutMs"),
            .hint = stopped ? "" : "raise timeoutMs, or make the server faster"};
}

} // namespace

class Poster::Hands {
public:
    Hands() : m_tls(asio::ssl::context::tls_client)
    {
        Code ignored;
        m_tls.set_default_verify_paths(ignored);
        m_tls.set_verify_mode(asio::ssl::verify_peer, ignored);
        m_tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1
                              | asio::ssl::context::no_tlsv1_1,
                          ignored);
    }

    Result<PostAnswer> post(const PostRequest& request)
    {
        const auto end = std::chrono::steady_clock::now() + request.timeout;
        const auto places = lookUp(request, end);
        if (!places)
            return tl::unexpected(places.error());
        asio::io_context io{1};
        const Registered registered(*this, io);
        Result<PostAnswer> result = tl::unexpected(ended(request, false));
        Exchange exchange(io, m_tls, request, *places);
        bool done = false;
        asio::co_spawn(io, exchange.run(),
                       [&](std::exception_ptr broken, Result<PostAnswer> answer) {
                           done = true;
                           if (!broken)
                               result = std::move(answer);
                       });
        io.run_until(end); // what is under way then goes with the context
        if (!done && io.stopped())
            return tl::unexpected(ended(request, true));
        return result;
    }

    void stop()
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        for (asio::io_context* io : m_underWay)
            io->stop();
        for (const std::shared_ptr<LookUp>& look : m_lookUps)
            look->stop();
    }

private:
    /// The look-up of a name. The system's takes its own time and cannot be broken off, so a thread that
    /// may be left behind does it: both ends hold this.
    struct LookUp {
        std::mutex mutex;
        std::condition_variable changed;
        bool done = false, stopped = false;
        Code code;
        std::vector<asio::ip::tcp::endpoint> places;

        static void begin(const std::shared_ptr<LookUp>& look, const HttpUrl& url)
        {
            std::thread([look, host = url.host, port = url.port] {
                asio::io_context io;
                Code code;
                const auto found = asio::ip::tcp::resolver(io).resolve(host, port, code);
                const std::lock_guard lock(look->mutex);
                look->code = code;
                for (const auto& place : found)
                    look->places.push_back(place.endpoint());
                look->done = true;
                look->changed.notify_all();
            }).detach();
        }
        void stop()
        {
            const std::lock_guard lock(mutex);
            stopped = true;
            changed.notify_all();
        }
    };

    Result<std::vector<asio::ip::tcp::endpoint>>
    lookUp(const PostRequest& request, std::chrono::steady_clock::time_point end)
    {
        const auto look = std::make_shared<LookUp>();
        {
            const std::lock_guard lock(m_mutex);
            if (m_stopped)
                return tl::unexpected(ended(request, true));
            m_lookUps.insert(look);
        }
        LookUp::begin(look, request.url);
        std::unique_lock lock(look->mutex);
        look->changed.wait_until(lock, end, [&] { return look->done || look->stopped; });
        const bool done = look->done, stopped = look->stopped;
        lock.unlock();
        {
            const std::lock_guard guard(m_mutex);
            m_lookUps.erase(look);
        }
        if (!done)
            return tl::unexpected(ended(request, stopped));
        if (look->code)
            return tl::unexpected(notDelivered("the name " + request.url.host + " is not found",
                                               look->code,
                                               "correct it, or connect to its network"));
        return look->places;
    }

    struct Registered {
        Registered(Hands& hands, asio::io_context& io) : m_hands(hands), m_io(io)
        {
            const std::lock_guard lock(hands.m_mutex);
            hands.m_underWay.insert(&io);
            if (hands.m_stopped)
                io.stop();
        }
        ~Registered()
        {
            const std::lock_guard lock(m_hands.m_mutex);
            m_hands.m_underWay.erase(&m_io);
        }
        Hands& m_hands;
        asio::io_context& m_io;
    };

    asio::ssl::context m_tls;
    std::mutex m_mutex; ///< of what follows
    std::set<asio::io_context*> m_underWay;
    std::set<std::shared_ptr<LookUp>> m_lookUps;
    bool m_stopped = false;
};

Poster::Poster() : m_hands(std::make_unique<Hands>()) { }
Poster::~Poster() = default;

Result<PostAnswer> Poster::post(const PostRequest& request)
{
    return m_hands->post(request);
}

void Poster::stop()
{
    m_hands->stop();
}

} // namespace coldframe::http

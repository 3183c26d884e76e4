#include "session/http_sink.h"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "model/secret_mask.h"
#include "model/variable_references.h"
#include "session/variable_source.h"

namespace coldframe::session {

namespace {

constexpr std::size_t kShown = 200; ///< bytes of an answer in a message

/// Fills in variables, and remembers what they stand for.
class Filling {
public:
    explicit Filling(const VariableSource& variables) : m_variables(variables) { }

    Result<std::string> fill(const std::string& text)
    {
        const auto whole = expandReferences(text, [&](const std::string& name) {
            auto value = m_variables(name);
            if (value)
                m_secrets.push_back(*value);
            return value;
        });
        if (whole)
            return *whole;
        return tl::unexpected(
            Error{.code = Error::Code::Missing,
                  .message = fmt::format("the variable {} is not set", whole.error()),
                  .hint = fmt::format("write {}=… into secrets.env beside coldframe.json; results "
                                      "wait until then",
                                      whole.error())});
    }
    const std::vector<std::string>& secrets() const { return m_secrets; }

private:
    const VariableSource& m_variables;
    std::vector<std::string> m_secrets;
};

Result<http::PostRequest> requestFor(const HttpDestination& to, Filling& filling)
{
    http::PostRequest request;
    const auto address = filling.fill(to.url);
    if (!address)
        return tl::unexpected(address.error());
    auto url = parseHttpUrl(*address);
    if (!url)
        return tl::unexpected(url.error());
    request.url = std::move(*url);
    for (const auto& [name, text] : to.headers) {
        auto value = filling.fill(text);
        if (!value)
            return tl::unexpected(value.error());
        if (!isHeaderValue(*value)) // a line break in a secret would make headers of its rest
            return tl::unexpected(Error{
                .code = Error::Code::Malformed,
                .message = fmt::format("the value of the header {} holds control characters", name),
                .hint = "correct the variable; results wait until then"});
        request.headers.emplace_back(name, std::move(*value));
    }
    request.timeout = std::chrono::milliseconds(to.timeoutMs);
    return request;
}

std::optional<Trouble> troubleOf(const http::PostAnswer& answer, const HttpDestination& to)
{
    if (answer.status >= 200 && answer.status < 300)
        return std::nullopt;
    std::string said = answer.body.substr(0, kShown);
    std::ranges::replace_if(
        said, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    Trouble trouble{{.code = Error::Code::Unavailable,
                     .message = fmt::format("{} answers {}{}{}", to.url, answer.status,
                                            said.empty() ? "" : ": ", said)}};
    if (answer.status >= 500 || answer.status == 429) {
        trouble.error.hint = "look into the log of the server";
        trouble.retries = to.retries;
        trouble.wait = answer.retryAfter.value_or(Duration::zero());
    } else {
        trouble.error.hint = answer.status >= 400
            ? "correct the address, its headers or what the server takes"
            : "redirects are not followed: name the address itself";
        trouble.final = true;
    }
    return trouble;
}

} // namespace

HttpSink::~HttpSink()
{
    m_poster.stop();
    m_threads.join();
}

void HttpSink::write(std::shared_ptr<const Outgoing> outgoing, const Destination& destination,
                     Delivered done)
{
    boost::asio::post(m_threads,
                      [this, outgoing = std::move(outgoing),
                       to = std::get<HttpDestination>(destination),
                       done = std::move(done)] { done(send(*outgoing, to)); });
}

std::optional<Trouble> HttpSink::send(const Outgoing& outgoing, const HttpDestination& to)
{
    const auto variables = readVariables(m_workspace);
    if (!variables)
        return Trouble{variables.error()};
    Filling filling(*variables);
    auto request = requestFor(to, filling);
    if (!request)
        return Trouble{request.error()};
    // Servers that know it take a request that comes again for the same.
    request->headers.emplace_back("Idempotency-Key", outgoing.requestId);
    request->body = recordOf(outgoing);
    const auto answer = m_poster.post(*request);
    std::optional<Trouble> trouble;
    if (!answer)
        trouble = Trouble{.error = answer.error(), .retries = to.retries};
    else
        trouble = troubleOf(*answer, to);
    if (trouble) // servers repeat what they are told
        trouble->error.message = maskSecrets(trouble->error.message, filling.secrets());
    return trouble;
}

} // namespace coldframe::session

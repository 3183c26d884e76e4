#include "sqs/queue_url.h"

#include <algorithm>

#include <fmt/format.h>

#include "sqs/message_text.h"

namespace coldframe::sqs {

std::string queueUrl(std::uint16_t port, std::string_view name)
{
    return fmt::format("http://127.0.0.1:{}/{}/{}", port, kAccount, name);
}

std::string queueArn(std::string_view name)
{
    return fmt::format("arn:aws:sqs:us-east-1:{}:{}", kAccount, name);
}

std::optional<std::string> queueNameOf(std::string_view url)
{
    constexpr std::string_view kAfterScheme = "://";
    if (const std::size_t at = url.find(kAfterScheme); at != url.npos) {
        url.remove_prefix(at + kAfterScheme.size());
        url.remove_prefix(std::min(url.find('/'), url.size()));
    }
    if (!url.starts_with('/'))
        return std::nullopt;
    url.remove_prefix(1);
    const std::size_t slash = url.find('/');
    if (slash == url.npos)
        return std::nullopt;
    const std::string_view account = url.substr(0, slash);
    const std::string_view name = url.substr(slash + 1);
    const bool digits = std::ranges::all_of(account, [](char c) { return c >= '0' && c <= '9'; });
    if (account.size() != kAccount.size() || !digits || !isQueueName(name))
        return std::nullopt;
    return std::string(name);
}

} // namespace coldframe::sqs

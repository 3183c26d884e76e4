#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldframe::sqs {

/// The account of everything there is here.
inline constexpr std::string_view kAccount = "000000000000";

/// "http://127.0.0.1:PORT/000000000000/NAME".
std::string queueUrl(std::uint16_t port, std::string_view name);
/// "arn:aws:sqs:us-east-1:000000000000:NAME".
std::string queueArn(std::string_view name);

/// The name in the URL of a queue, or in its path alone. Scheme, host and account are not looked
/// at: a URL from "localhost" is as good as one from "127.0.0.1". Nothing for any other text.
std::optional<std::string> queueNameOf(std::string_view url);

} // namespace coldframe::sqs

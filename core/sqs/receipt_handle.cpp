#include "sqs/receipt_handle.h"

#include "model/base64.h"
#include "sqs/digests.h"

namespace coldframe::sqs {

namespace {

constexpr std::size_t kMessageBytes = 8, kReceiveBytes = 4;
constexpr std::size_t kFactBytes = kMessageBytes + kReceiveBytes;
constexpr std::size_t kDigestLetters = 24; ///< of the MD5 in hex: no padding in base64

void appendNumber(std::string& to, std::uint64_t number, std::size_t bytes)
{
    for (std::size_t i = bytes; i-- > 0;)
        to += static_cast<char>(number >> (8 * i) & 0xffU);
}

std::uint64_t numberIn(std::string_view bytes)
{
    std::uint64_t number = 0;
    for (const char c : bytes)
        number = number << 8U | static_cast<unsigned char>(c);
    return number;
}

std::string digestOf(std::string_view facts, std::string_view queue)
{
    return md5Of(std::string(facts) + std::string(queue)).substr(0, kDigestLetters);
}

} // namespace

std::string writeHandle(const ReceiptHandle& handle, std::string_view queue)
{
    std::string bytes;
    appendNumber(bytes, handle.message, kMessageBytes);
    appendNumber(bytes, handle.receive, kReceiveBytes);
    bytes += digestOf(bytes, queue);
    return toBase64(bytes);
}

std::optional<ReceiptHandle> readHandle(std::string_view text, std::string_view queue)
{
    const auto bytes = fromBase64(text);
    if (!bytes || bytes->size() != kFactBytes + kDigestLetters)
        return std::nullopt;
    const auto facts = std::string_view(*bytes).substr(0, kFactBytes);
    if (std::string_view(*bytes).substr(kFactBytes) != digestOf(facts, queue))
        return std::nullopt;
    return ReceiptHandle{numberIn(facts.substr(0, kMessageBytes)),
                         static_cast<std::uint32_t>(numberIn(facts.substr(kMessageBytes)))};
}

} // namespace coldframe::sqs

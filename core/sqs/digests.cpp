#include "sqs/digests.h"

#include <array>
#include <cstdint>

#include <openssl/evp.h>

namespace coldframe::sqs {

namespace {

std::string hexDigest(const EVP_MD* kind, std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    ::EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr);
    constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < size; ++i)
        text += {kHex[digest[i] >> 4U], kHex[digest[i] & 15U]};
    return text;
}

/// Its length in four bytes, the most significant first, and the text.
void appendMeasured(std::string& to, std::string_view text)
{
    const auto size = static_cast<std::uint32_t>(text.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        to += static_cast<char>(size >> shift & 0xffU);
    to += text;
}

} // namespace

std::string md5Of(std::string_view bytes)
{
    return hexDigest(::EVP_md5(), bytes);
}

std::string md5Of(const MessageAttributes& attributes)
{
    if (attributes.empty())
        return {};
    std::string all;
    for (const auto& [name, attribute] : attributes) {
        appendMeasured(all, name);
        appendMeasured(all, attribute.type);
        all += attribute.binary ? '\x02' : '\x01';
        appendMeasured(all, attribute.value);
    }
    return hexDigest(::EVP_md5(), all);
}

std::string sha256Of(std::string_view bytes)
{
    return hexDigest(::EVP_sha256(), bytes);
}

} // namespace coldframe::sqs

#include "s3/digest.h"

#include <algorithm>
#include <array>

#include <boost/crc.hpp>
#include <openssl/evp.h>
#include <zlib.h>

namespace coldframe::s3 {

struct Digest::Sum {
    virtual ~Sum() = default;
    virtual void add(std::string_view bytes) = 0;
    virtual std::string finish() = 0;
};

namespace {

/// Checksums are sent with their most significant byte first.
std::string bigEndian(std::uint64_t value, int bytes)
{
    std::string text;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        text += static_cast<char>(value >> shift);
    return text;
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};

class Hash final : public Digest::Sum {
public:
    explicit Hash(const EVP_MD* kind) : m_context(::EVP_MD_CTX_new())
    {
        ::EVP_DigestInit_ex(m_context.get(), kind, nullptr);
    }
    void add(std::string_view bytes) override
    {
        ::EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size());
    }
    std::string finish() override
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
        unsigned size = 0;
        ::EVP_DigestFinal_ex(m_context.get(), out.data(), &size);
        return {reinterpret_cast<const char*>(out.data()), size};
    }

private:
    std::unique_ptr<EVP_MD_CTX, FreeContext> m_context;
};

class Crc32 final : public Digest::Sum {
public:
    void add(std::string_view bytes) override
    {
        m_value = ::crc32_z(m_value, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    }
    std::string finish() override { return bigEndian(m_value, 4); }

private:
    uLong m_value = 0;
};

/// Parameters from "Catalogue of parametrised CRC algorithms", reveng.sourceforge.io, CRC-32/ISCSI
/// and CRC-64/NVME, read 2026-11.
using Crc32cSum = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;
using Crc64Sum = boost::crc_optimal<64, 0xAD93D23594C93659, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
                                    true, true>;

template <typename Computer, int Bytes> class TableCrc final : public Digest::Sum {
public:
    void add(std::string_view bytes) override
    {
        m_computer.process_bytes(bytes.data(), bytes.size());
    }
    std::string finish() override { return bigEndian(m_computer.checksum(), Bytes); }

private:
    Computer m_computer;
};

struct Kind {
    ChecksumKind kind;
    std::string_view name, element;
};
constexpr std::array<Kind, 5> kKinds{{
    {ChecksumKind::Crc32, "crc32", "ChecksumCRC32"},
    {ChecksumKind::Crc32c, "crc32c", "ChecksumCRC32C"},
    {ChecksumKind::Crc64Nvme, "crc64nvme", "ChecksumCRC64NVME"},
    {ChecksumKind::Sha1, "sha1", "ChecksumSHA1"},
    {ChecksumKind::Sha256, "sha256", "ChecksumSHA256"},
}};

bool equalLetters(char a, char b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : int(c); };
    return lower(a) == lower(b);
}

} // namespace

std::string_view nameOf(ChecksumKind kind)
{
    return std::ranges::find(kKinds, kind, &Kind::kind)->name;
}

std::string_view elementOf(ChecksumKind kind)
{
    return std::ranges::find(kKinds, kind, &Kind::kind)->element;
}

std::optional<ChecksumKind> checksumKind(std::string_view name)
{
    for (const Kind& kind : kKinds)
        if (std::ranges::equal(kind.name, name, equalLetters))
            return kind.kind;
    return std::nullopt;
}

Digest::Digest(std::unique_ptr<Sum> sum) : m_sum(std::move(sum)) { }
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

Digest Digest::md5()
{
    return Digest(std::make_unique<Hash>(::EVP_md5()));
}

Digest Digest::of(ChecksumKind kind)
{
    switch (kind) {
    case ChecksumKind::Crc32:
        return Digest(std::make_unique<Crc32>());
    case ChecksumKind::Crc32c:
        return Digest(std::make_unique<TableCrc<Crc32cSum, 4>>());
    case ChecksumKind::Crc64Nvme:
        return Digest(std::make_unique<TableCrc<Crc64Sum, 8>>());
    case ChecksumKind::Sha1:
        return Digest(std::make_unique<Hash>(::EVP_sha1()));
    case ChecksumKind::Sha256:
        break;
    }
    return Digest(std::make_unique<Hash>(::EVP_sha256()));
}

void Digest::add(std::string_view bytes)
{
    m_sum->add(bytes);
}

std::string Digest::finish()
{
    return m_sum->finish();
}

std::string hex(std::string_view bytes)
{
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += {kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return text;
}

std::string hexMd5(std::string_view bytes)
{
    Digest digest = Digest::md5();
    digest.add(bytes);
    return hex(digest.finish());
}

} // namespace coldframe::s3

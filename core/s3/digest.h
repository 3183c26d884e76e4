#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace coldframe::s3 {

/// Checksums that S3 takes with an object.
enum class ChecksumKind : std::uint8_t { Crc32, Crc32c, Crc64Nvme, Sha1, Sha256 };

/// "crc32", as behind "x-amz-checksum-".
std::string_view nameOf(ChecksumKind kind);
/// The element of documents: "ChecksumCRC32".
std::string_view elementOf(ChecksumKind kind);
/// By its name in any letter case: "CRC32", "crc64nvme".
std::optional<ChecksumKind> checksumKind(std::string_view name);

/// A digest of bytes that come in pieces.
class Digest {
public:
    static Digest md5();
    static Digest of(ChecksumKind kind);
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;
    ~Digest();

    void add(std::string_view bytes);
    /// The raw digest, once.
    std::string finish();

    struct Sum; ///< one algorithm

private:
    explicit Digest(std::unique_ptr<Sum> sum);
    std::unique_ptr<Sum> m_sum;
};

std::string hex(std::string_view bytes);
/// The MD5 of all of it, in hex: an ETag, the body's digest of a queue's message.
std::string hexMd5(std::string_view bytes);

} // namespace coldframe::s3

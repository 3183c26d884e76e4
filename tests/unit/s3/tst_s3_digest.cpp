#include <gtest/gtest.h>

#include "s3/digest.h"

using namespace coldframe::s3;

namespace {

struct Known {
    const char* name;
    ChecksumKind kind;
    const char* ofDigits; ///< hex, of "123456789"
};
// Check values: "Catalogue of parametrised CRC algorithms", reveng.sourceforge.io; FIPS 180.
const Known kKnown[]{
    {"crc32", ChecksumKind::Crc32, "cbf43926"},
    {"crc32c", ChecksumKind::Crc32c, "e3069283"},
    {"crc64nvme", ChecksumKind::Crc64Nvme, "ae8b14860a799888"},
    {"sha1", ChecksumKind::Sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"},
    {"sha256", ChecksumKind::Sha256,
     "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"},
};

TEST(S3Digest, knownSums)
{
    for (const Known& known : kKnown) {
        Digest whole = Digest::of(known.kind);
        whole.add("123456789");
        EXPECT_EQ(hex(whole.finish()), known.ofDigits) << known.name;
        Digest pieces = Digest::of(known.kind);
        pieces.add("1234");
        pieces.add("");
        pieces.add("56789");
        EXPECT_EQ(hex(pieces.finish()), known.ofDigits) << known.name;
        EXPECT_EQ(nameOf(known.kind), known.name);
        EXPECT_EQ(checksumKind(known.name), known.kind);
    }
}

TEST(S3Digest, md5)
{
    EXPECT_EQ(hex(Digest::md5().finish()), "d41d8cd98f00b204e9800998ecf8427e");
    Digest digest = Digest::md5();
    digest.add("abc");
    EXPECT_EQ(hex(digest.finish()), "900150983cd24fb0d6963f7d28e17f72"); // RFC 1321
}

TEST(S3Digest, kindsByName)
{
    EXPECT_EQ(checksumKind("CRC32C"), ChecksumKind::Crc32c);
    EXPECT_EQ(checksumKind("md5"), std::nullopt);
    EXPECT_EQ(elementOf(ChecksumKind::Crc64Nvme), "ChecksumCRC64NVME");
}

} // namespace

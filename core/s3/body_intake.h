#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "s3/aws_chunked.h"
#include "s3/digest.h"
#include "s3/object_facts.h"
#include "s3/reply.h"
#include "stores/folder_store.h"

namespace coldframe::s3 {

/// The body of an upload on its way to a file that nobody sees yet: decoded, counted, summed up.
/// Blocks on the disk; for one thread at a time.
class BodyIntake {
public:
    /// Reads what the request announces. Errors: digests that are none, too large a body.
    static tl::expected<BodyIntake, S3Error> of(const Call& call);

    /// Where the bytes go; before the first add().
    std::optional<S3Error> begin(const stores::FolderStore& store, const std::string& key);
    std::optional<S3Error> add(std::string_view piece);

    struct Received {
        stores::ObjectWriter writer;
        std::string md5; ///< raw
        std::optional<Checksum> checksum; ///< the one that was sent along, and is right
    };
    /// Once all has come. Errors: fewer bytes than announced, a digest that does not match.
    tl::expected<Received, S3Error> finish();

private:
    BodyIntake() : m_md5(Digest::md5()) { }
    std::optional<S3Error> announceChecksum(const Call& call);
    std::optional<S3Error> checkSum(std::optional<Checksum>& checked);

    std::optional<stores::ObjectWriter> m_writer;
    std::optional<AwsChunked> m_chunks;
    std::optional<std::uint64_t> m_announced; ///< bytes
    Digest m_md5;
    std::string m_expectedMd5; ///< raw; empty when not sent
    std::optional<ChecksumKind> m_kind;
    std::optional<Digest> m_checksum;
    std::string m_expectedChecksum; ///< base64; empty until the trailer tells
    std::string m_decoded; ///< keeps its storage from piece to piece
};

} // namespace coldframe::s3

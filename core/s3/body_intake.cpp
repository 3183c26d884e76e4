#include "s3/body_intake.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/base64.h"
#include "s3/service.h"
#include "s3/whole_number.h"

namespace coldframe::s3 {

namespace {

constexpr std::string_view kChecksum = "x-amz-checksum-";
constexpr std::size_t kMd5Bytes = 16;

S3Error invalidDigest()
{
    return {400, "InvalidDigest", "The Content-MD5 you specified is not valid."};
}

S3Error missingContentLength()
{
    return {411, "MissingContentLength", "You must provide the Content-Length HTTP header."};
}

bool isChunked(const Call& call)
{
    return call.header("x-amz-content-sha256").starts_with("STREAMING-")
        || call.header("content-encoding").find("aws-chunked") != std::string_view::npos;
}

} // namespace

tl::expected<BodyIntake, S3Error> BodyIntake::of(const Call& call)
{
    BodyIntake intake;
    intake.m_announced = wholeNumber(call.header("content-length"));
    if (!intake.m_announced && call.header("transfer-encoding").empty())
        return tl::unexpected(
            missingContentLength()); // else a forgotten body would be an empty one
    if (isChunked(call)) {
        intake.m_chunks.emplace();
        intake.m_announced = wholeNumber(call.header("x-amz-decoded-content-length"));
    }
    if (intake.m_announced.value_or(0) > kMostUploadBytes)
        return tl::unexpected(entityTooLarge(*intake.m_announced, kMostUploadBytes));
    if (const std::string_view md5 = call.header("content-md5"); !md5.empty()) {
        auto raw = fromBase64(md5);
        if (!raw || raw->size() != kMd5Bytes)
            return tl::unexpected(invalidDigest());
        intake.m_expectedMd5 = std::move(*raw);
    }
    if (auto refused = intake.announceChecksum(call))
        return tl::unexpected(std::move(*refused));
    return intake;
}

/// A checksum comes in a header, or in the trailer that a header announces.
std::optional<S3Error> BodyIntake::announceChecksum(const Call& call)
{
    for (const auto& [name, value] : call.headers) {
        std::string_view kindName;
        if (name == "x-amz-trailer" && std::string_view(value).starts_with(kChecksum))
            kindName = std::string_view(value).substr(kChecksum.size());
        else if (name.starts_with(kChecksum) && name != "x-amz-checksum-type"
                 && name != "x-amz-checksum-algorithm")
            kindName = std::string_view(name).substr(kChecksum.size());
        else
            continue;
        const auto kind = checksumKind(kindName);
        if (!kind)
            return invalidRequest(fmt::format("The checksum {} is not known here.", kindName));
        if (m_kind)
            return invalidRequest(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not "
                "allowed.");
        if (name != "x-amz-trailer") {
            if (value.empty() || !fromBase64(value))
                return invalidRequest(fmt::format("Value for {} header is invalid.", name));
            m_expectedChecksum = value;
        } else if (!m_chunks) {
            return invalidRequest("A trailer needs a body that is aws-chunked.");
        }
        m_kind = kind;
        m_checksum = Digest::of(*kind);
    }
    return std::nullopt;
}

std::optional<S3Error> BodyIntake::begin(const stores::FolderStore& store, const std::string& key)
{
    auto writer = store.begin(key);
    if (!writer)
        return fromStore(writer.error(), key);
    m_writer = std::move(*writer);
    return std::nullopt;
}

std::optional<S3Error> BodyIntake::add(std::string_view piece)
{
    if (m_chunks) {
        m_decoded.clear();
        if (!m_chunks->add(piece, m_decoded))
            return invalidRequest("The aws-chunked body is malformed.");
        piece = m_decoded;
    }
    const std::uint64_t most = m_announced.value_or(kMostUploadBytes);
    if (m_writer->bytes() + piece.size() > most)
        return m_announced ? incompleteBody()
                           : entityTooLarge(m_writer->bytes() + piece.size(), most);
    m_md5.add(piece);
    if (m_checksum)
        m_checksum->add(piece);
    if (auto written = m_writer->append(piece); !written)
        return fromStore(written.error(), {});
    return std::nullopt;
}

std::optional<S3Error> BodyIntake::checkSum(std::optional<Checksum>& checked)
{
    if (!m_kind)
        return std::nullopt;
    if (m_expectedChecksum.empty() && m_chunks)
        m_expectedChecksum
            = m_chunks->trailer(std::string(kChecksum) + std::string(nameOf(*m_kind)));
    if (m_expectedChecksum.empty())
        return S3Error{400, "MalformedTrailerError",
                       "The request contained trailing data that was not well-formed or did not "
                       "conform to our published schema."};
    const std::string sum = toBase64(m_checksum->finish());
    if (sum != m_expectedChecksum)
        return badDigest(fmt::format("The {} you specified did not match the calculated checksum.",
                                     nameOf(*m_kind)));
    checked = Checksum{*m_kind, sum};
    return std::nullopt;
}

tl::expected<BodyIntake::Received, S3Error> BodyIntake::finish()
{
    if ((m_chunks && !m_chunks->ended()) || (m_announced && m_writer->bytes() != *m_announced))
        return tl::unexpected(incompleteBody());
    const std::string md5 = m_md5.finish();
    if (!m_expectedMd5.empty() && md5 != m_expectedMd5)
        return tl::unexpected(
            badDigest("The Content-MD5 you specified did not match what we received."));
    std::optional<Checksum> checked;
    if (auto failed = checkSum(checked))
        return tl::unexpected(std::move(*failed));
    return Received{std::move(*m_writer), md5, std::move(checked)};
}

} // namespace coldframe::s3

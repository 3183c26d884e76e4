#include <charconv>

#include <fmt/format.h>

#include "model/base64.h"
#include "s3/file_copy.h"
#include "s3/object_writing.h"
#include "s3/operations.h"
#include "s3/service.h"
#include "s3/xml_text.h"
#include "s3/xml_tree.h"

namespace coldframe::s3 {

namespace {

using Part = MultipartUploads::Part;

/// Source: Amazon S3 user guide, "Amazon S3 multipart upload limits", read 2026-11.
constexpr std::uint64_t kLeastPartBytes = 5U << 20U;

S3Error invalidPart()
{
    return {400, "InvalidPart",
            "One or more of the specified parts could not be found. The part may not have been "
            "uploaded, or the specified entity tag may not match the part's entity tag."};
}

bool sameTag(std::string_view sent, const std::string& md5)
{
    if (sent.size() >= 2 && sent.front() == '"' && sent.back() == '"')
        sent = sent.substr(1, sent.size() - 2);
    return sent == hex(md5);
}

/// The parts that the document lists, in its order.
tl::expected<std::vector<Part>, S3Error> chosenParts(std::string_view body,
                                                     const MultipartUploads::Upload& upload)
{
    const auto request = readXml(body);
    if (!request || request->name != "CompleteMultipartUpload")
        return tl::unexpected(malformedXml());
    std::vector<Part> chosen;
    for (const XmlElement& element : request->children) {
        if (element.name != "Part")
            continue;
        const std::string_view text = element.textOf("PartNumber");
        int number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number);
        if (!chosen.empty() && number <= chosen.back().number)
            return tl::unexpected(
                S3Error{400, "InvalidPartOrder",
                        "The list of parts was not in ascending order. Parts must be ordered by "
                        "part number."});
        const auto it = upload.parts.find(number);
        if (it == upload.parts.end() || !sameTag(element.textOf("ETag"), it->second.md5))
            return tl::unexpected(invalidPart());
        if (const auto& checksum = it->second.checksum) {
            const std::string_view sent = element.textOf(elementOf(checksum->kind));
            if (!sent.empty() && sent != checksum->value)
                return tl::unexpected(invalidPart());
        }
        chosen.push_back(it->second);
    }
    if (chosen.empty())
        return tl::unexpected(malformedXml());
    for (std::size_t i = 0; i + 1 < chosen.size(); ++i)
        if (chosen[i].stamp.bytes < kLeastPartBytes)
            return tl::unexpected(
                S3Error{400,
                        "EntityTooSmall",
                        "Your proposed upload is smaller than the minimum allowed size",
                        {{"PartNumber", std::to_string(chosen[i].number)},
                         {"ProposedSize", std::to_string(chosen[i].stamp.bytes)},
                         {"MinSizeAllowed", std::to_string(kLeastPartBytes)}}});
    return chosen;
}

/// The MD5 of the parts' MD5s, and how many they are.
std::string etagOfParts(const std::vector<Part>& parts)
{
    Digest digest = Digest::md5();
    for (const Part& part : parts)
        digest.add(part.md5);
    return fmt::format("{}-{}", hex(digest.finish()), parts.size());
}

/// The same of their checksums, if all have one of the same kind.
std::optional<Checksum> checksumOf(const std::vector<Part>& parts)
{
    if (!parts.front().checksum)
        return std::nullopt;
    const ChecksumKind kind = parts.front().checksum->kind;
    Digest digest = Digest::of(kind);
    for (const Part& part : parts) {
        const auto raw = part.checksum && part.checksum->kind == kind
            ? fromBase64(part.checksum->value)
            : std::nullopt;
        if (!raw)
            return std::nullopt;
        digest.add(*raw);
    }
    return Checksum{kind, fmt::format("{}-{}", toBase64(digest.finish()), parts.size())};
}

/// A checksum of the whole object that the caller sends along, to be compared.
std::optional<Checksum> wholeChecksum(const Call& call)
{
    if (call.header("x-amz-checksum-type") != "FULL_OBJECT")
        return std::nullopt;
    for (const ChecksumKind kind :
         {ChecksumKind::Crc32, ChecksumKind::Crc32c, ChecksumKind::Crc64Nvme}) {
        const std::string_view value = call.header("x-amz-checksum-" + std::string(nameOf(kind)));
        if (!value.empty())
            return Checksum{kind, std::string(value)};
    }
    return std::nullopt;
}

std::optional<S3Error> assemble(Service& service, const std::string& id,
                                const std::vector<Part>& parts, stores::ObjectWriter& writer,
                                const std::optional<Checksum>& expected)
{
    const auto store = service.uploads.store();
    if (!store)
        return internalError(describe(store.error()));
    std::optional<Digest> digest;
    if (expected)
        digest = Digest::of(expected->kind);
    for (const Part& part : parts) {
        const auto object = (*store)->openObject(MultipartUploads::partKey(id, part.number));
        if (!object || object->stamp != part.stamp)
            return invalidPart(); // uploaded anew meanwhile
        const auto copied = copyBytes(*object, {0, part.stamp.bytes, false}, writer,
                                      [&digest](std::string_view bytes) {
                                          if (digest)
                                              digest->add(bytes);
                                      });
        if (!copied)
            return fromStore(copied.error(), {});
    }
    if (digest && toBase64(digest->finish()) != expected->value)
        return badDigest(fmt::format("The {} you specified did not match the calculated checksum.",
                                     nameOf(expected->kind)));
    return std::nullopt;
}

} // namespace

Outcome completeUpload(Service& service, const Call& call, std::string_view body)
{
    const auto bucket = service.bucket(call.bucket);
    if (!bucket)
        return tl::unexpected(bucket.error());
    const auto upload = service.uploads.find(call.query("uploadId"), call.bucket, call.key);
    if (!upload)
        return tl::unexpected(noSuchUpload());
    const auto parts = chosenParts(body, *upload);
    if (!parts)
        return tl::unexpected(parts.error());
    auto writer = (*bucket)->begin(call.key);
    if (!writer)
        return tl::unexpected(fromStore(writer.error(), call.key));
    const std::optional<Checksum> whole = wholeChecksum(call);
    if (auto failed = assemble(service, upload->id, *parts, *writer, whole))
        return tl::unexpected(std::move(*failed));
    const std::uint64_t bytes = writer->bytes();
    ObjectFacts facts = upload->facts;
    facts.etag = etagOfParts(*parts);
    facts.checksum = whole ? whole : checksumOf(*parts);
    const auto stamp = makeVisible(service, call, std::move(*writer), facts);
    if (!stamp)
        return tl::unexpected(stamp.error());
    service.uploads.end(upload->id);

    XmlText xml;
    xml.open("CompleteMultipartUploadResult", true);
    xml.leaf("Location", "http://" + std::string(call.header("host")) + call.resource());
    xml.leaf("Bucket", call.bucket);
    xml.leaf("Key", call.key);
    xml.leaf("ETag", '"' + facts.etag + '"');
    if (facts.checksum)
        xml.leaf(elementOf(facts.checksum->kind), facts.checksum->value);
    xml.close();
    Reply reply = document(xml.take());
    reply.bytes = bytes;
    return reply;
}

} // namespace coldframe::s3

#include "s3/object_index.h"

#include <unistd.h>

#include <cerrno>

#include <fmt/format.h>

#include "s3/facts_file.h"

namespace coldframe::s3 {

namespace {

/// Files up to this size have their MD5 as ETag, whoever wrote them. Larger ones are uploaded in
/// parts of this size by the stock tools, and then have an ETag that is no MD5.
/// Source: AWS CLI S3 configuration, multipart_threshold and multipart_chunksize, read 2026-11.
constexpr std::uint64_t kPartBytes = 8U << 20U;
constexpr std::size_t kMostEntries = 50'000; ///< in memory; the rest is found out again

/// Stands in for the ETag of a large file that was not written here: changes whenever the file
/// does, and by its form says that it is no MD5.
std::string standInEtag(const stores::ObjectStamp& stamp)
{
    Digest digest = Digest::md5();
    digest.add(fmt::format("{} {} {}", stamp.bytes, stamp.modified.time_since_epoch().count(),
                           stamp.inode));
    return fmt::format("{}-{}", hex(digest.finish()), (stamp.bytes + kPartBytes - 1) / kPartBytes);
}

std::string etagOf(const stores::OpenObject& object)
{
    if (object.stamp.bytes > kPartBytes)
        return standInEtag(object.stamp);
    Digest digest = Digest::md5();
    std::string buffer(std::min<std::uint64_t>(object.stamp.bytes, 64U << 10U), '\0');
    for (std::uint64_t at = 0; at < object.stamp.bytes;) {
        const ssize_t got
            = ::pread(object.file.get(), buffer.data(), buffer.size(), static_cast<off_t>(at));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        digest.add(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
        at += static_cast<std::uint64_t>(got);
    }
    return hex(digest.finish());
}

std::string placeOf(const std::string& bucket, const std::string& key)
{
    return bucket + '/' + key;
}

} // namespace

std::filesystem::path ObjectIndex::fileOf(const std::string& place) const
{
    Digest digest = Digest::of(ChecksumKind::Sha1);
    digest.add(place);
    const std::string name = hex(digest.finish());
    return m_folder / name.substr(0, 2) / (name.substr(2) + ".json");
}

ObjectIndex::Facts ObjectIndex::known(const std::string& place,
                                      const stores::ObjectStamp& stamp) const
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_entries.find(place);
    return it != m_entries.end() && it->second.stamp == stamp ? it->second.facts : nullptr;
}

ObjectIndex::Facts ObjectIndex::keepInMind(const std::string& place,
                                           const stores::ObjectStamp& stamp, Facts facts)
{
    const std::lock_guard lock(m_mutex);
    if (m_entries.size() >= kMostEntries)
        m_entries.clear();
    m_entries[place] = {stamp, facts};
    return facts;
}

ObjectIndex::Facts ObjectIndex::kept(const std::string& place, const stores::ObjectStamp& stamp)
{
    if (Facts facts = known(place, stamp))
        return facts;
    if (auto read = readFacts(fileOf(place), stamp))
        return keepInMind(place, stamp, std::make_shared<const ObjectFacts>(std::move(*read)));
    return nullptr;
}

ObjectIndex::Facts ObjectIndex::facts(const std::string& bucket, const std::string& key,
                                      const stores::OpenObject& object)
{
    const std::string place = placeOf(bucket, key);
    if (Facts facts = kept(place, object.stamp))
        return facts;
    auto found = std::make_shared<ObjectFacts>();
    found->etag = etagOf(object);
    found->contentType = contentTypeOf(key);
    return keepInMind(place, object.stamp, std::move(found));
}

std::string ObjectIndex::etag(const std::string& bucket, const stores::FolderStore& store,
                              const stores::Object& object)
{
    const std::string place = placeOf(bucket, object.key);
    if (const Facts facts = kept(place, object.stamp()))
        return facts->etag;
    if (object.bytes > kPartBytes)
        return standInEtag(object.stamp());
    const auto opened = store.openObject(object.key);
    return opened ? facts(bucket, object.key, *opened)->etag : standInEtag(object.stamp());
}

void ObjectIndex::expect(const std::string& bucket, const std::string& key,
                         const stores::ObjectStamp& stamp, ObjectFacts facts)
{
    keepInMind(placeOf(bucket, key), stamp, std::make_shared<const ObjectFacts>(std::move(facts)));
}

void ObjectIndex::keep(const std::string& bucket, const std::string& key,
                       const stores::ObjectStamp& stamp)
{
    const std::string place = placeOf(bucket, key);
    const Facts facts = known(place, stamp);
    if (!facts)
        return; // replaced already
    const bool foundOutAgain = facts->headers.empty() && facts->metadata.empty()
        && facts->contentType == contentTypeOf(key) && stamp.bytes <= kPartBytes
        && facts->etag.find('-') == std::string::npos;
    if (!foundOutAgain)
        writeFacts(fileOf(place), stamp, *facts);
}

void ObjectIndex::forget(const std::string& bucket, const std::string& key)
{
    const std::string place = placeOf(bucket, key);
    {
        const std::lock_guard lock(m_mutex);
        m_entries.erase(place);
    }
    std::error_code ignored;
    std::filesystem::remove(fileOf(place), ignored);
}

} // namespace coldframe::s3

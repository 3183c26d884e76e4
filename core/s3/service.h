#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "s3/multipart_uploads.h"
#include "s3/object_index.h"
#include "s3/reply.h"
#include "stores/folder_store.h"

namespace coldframe::s3 {

using BucketStore = std::shared_ptr<const stores::FolderStore>;
using Buckets = std::map<std::string, BucketStore, std::less<>>;

/// Source: Amazon S3 user guide, "Amazon S3 multipart upload limits" and "Uploading objects", read
/// 2026-11: one upload, one part and one copy hold at most 5 GiB.
inline constexpr std::uint64_t kMostUploadBytes = std::uint64_t{5} << 30U;

/// The side of the endpoint that blocks on disks. Safe to use from any thread.
class Service {
public:
    /// @param folder  of the state: facts of objects, parts of uploads
    explicit Service(const std::filesystem::path& folder)
        : index(folder / "objects"), uploads(folder / "parts")
    { }

    void setBuckets(Buckets buckets);
    std::shared_ptr<const Buckets> buckets() const;
    /// Error: NoSuchBucket, naming those there are.
    tl::expected<BucketStore, S3Error> bucket(std::string_view name) const;

    /// Everything but GetObject, PutObject and UploadPart.
    Outcome run(const Call& call, std::string_view body);

    ObjectIndex index;
    MultipartUploads uploads;

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const Buckets> m_buckets = std::make_shared<const Buckets>();
};

} // namespace coldframe::s3

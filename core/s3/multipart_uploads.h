#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "s3/object_facts.h"
#include "stores/folder_store.h"

namespace coldframe::s3 {

/// Uploads in parts that are under way. Their parts lie in the state folder and go with the
/// upload; none outlives the run. Safe to use from any thread; may block on the disk.
class MultipartUploads {
public:
    struct Part {
        int number = 0;
        std::string md5; ///< raw
        stores::ObjectStamp stamp;
        std::optional<Checksum> checksum;
    };
    struct Upload {
        std::string id, bucket, key;
        TimePoint begun{};
        ObjectFacts facts; ///< of the object it will make, but for the ETag
        std::map<int, Part> parts;
    };

    /// @param folder  removed with all that an earlier run left in it
    explicit MultipartUploads(std::filesystem::path folder);
    ~MultipartUploads();

    std::string begin(const std::string& bucket, const std::string& key, ObjectFacts facts);
    /// Of this id, if it makes that object.
    std::optional<Upload> find(std::string_view id, std::string_view bucket,
                               std::string_view key) const;
    std::vector<Upload> list(std::string_view bucket, std::string_view prefix) const;
    /// Takes the place of an earlier part of that number. False when the upload has ended: then
    /// the part is removed.
    bool addPart(const std::string& id, Part part);
    /// Forgets the upload and removes its parts.
    void end(const std::string& id);

    /// Where parts are written to, and under which key. Error: the state folder cannot be written.
    Result<std::shared_ptr<const stores::FolderStore>> store();
    static std::string partKey(const std::string& id, int number);

private:
    std::filesystem::path m_folder;
    mutable std::mutex m_mutex;
    std::map<std::string, Upload, std::less<>> m_uploads;
    std::shared_ptr<const stores::FolderStore> m_store; ///< opened with the first upload
    std::uint64_t m_serial = 0;
};

} // namespace coldframe::s3

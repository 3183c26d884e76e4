#include "s3/multipart_uploads.h"

#include <random>

#include <fmt/format.h>

namespace coldframe::s3 {

MultipartUploads::MultipartUploads(std::filesystem::path folder) : m_folder(std::move(folder))
{
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

MultipartUploads::~MultipartUploads()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

std::string MultipartUploads::begin(const std::string& bucket, const std::string& key,
                                    ObjectFacts facts)
{
    const std::lock_guard lock(m_mutex);
    std::string id = fmt::format("{:08x}{:08x}", std::random_device{}(), ++m_serial);
    m_uploads[id]
        = {.id = id,
           .bucket = bucket,
           .key = key,
           .begun = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()),
           .facts = std::move(facts)};
    return id;
}

std::optional<MultipartUploads::Upload>
MultipartUploads::find(std::string_view id, std::string_view bucket, std::string_view key) const
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_uploads.find(id);
    if (it == m_uploads.end() || it->second.bucket != bucket || it->second.key != key)
        return std::nullopt;
    return it->second;
}

std::vector<MultipartUploads::Upload> MultipartUploads::list(std::string_view bucket,
                                                             std::string_view prefix) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<Upload> found;
    for (const auto& [id, upload] : m_uploads)
        if (upload.bucket == bucket && upload.key.starts_with(prefix))
            found.push_back(upload);
    return found;
}

bool MultipartUploads::addPart(const std::string& id, Part part)
{
    const int number = part.number;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto it = m_uploads.find(id); it != m_uploads.end()) {
            it->second.parts[number] = std::move(part);
            return true;
        }
    }
    std::error_code ignored;
    std::filesystem::remove(m_folder / partKey(id, number), ignored);
    return false;
}

void MultipartUploads::end(const std::string& id)
{
    {
        const std::lock_guard lock(m_mutex);
        m_uploads.erase(id);
    }
    std::error_code ignored;
    std::filesystem::remove_all(m_folder / id, ignored);
}

Result<std::shared_ptr<const stores::FolderStore>> MultipartUploads::store()
{
    const std::lock_guard lock(m_mutex);
    if (!m_store) {
        auto opened = stores::FolderStore::open(m_folder);
        if (!opened)
            return tl::unexpected(opened.error());
        m_store = std::make_shared<const stores::FolderStore>(std::move(*opened));
    }
    return m_store;
}

std::string MultipartUploads::partKey(const std::string& id, int number)
{
    return fmt::format("{}/{}", id, number);
}

} // namespace coldframe::s3

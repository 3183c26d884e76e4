#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "s3/object_facts.h"
#include "stores/folder_store.h"

namespace coldframe::s3 {

/// Knows the facts of objects: told by who writes them, kept in a file where they cannot be found
/// out again, and else found out from the file. Safe to use from any thread; may block on the disk.
class ObjectIndex {
public:
    /// @param folder  of the state: one small file for each object that needs one
    explicit ObjectIndex(std::filesystem::path folder) : m_folder(std::move(folder)) { }

    using Facts = std::shared_ptr<const ObjectFacts>;

    /// Of an open object; reads it when it is small and new here.
    Facts facts(const std::string& bucket, const std::string& key,
                const stores::OpenObject& object);
    /// Only the ETag, for lists: opens the file only when it must.
    std::string etag(const std::string& bucket, const stores::FolderStore& store,
                     const stores::Object& object);

    /// An object with these facts is about to take its place: whoever asks the moment it does finds
    /// them. What is known of the one that is there is not lost if it stays.
    void expect(const std::string& bucket, const std::string& key, const stores::ObjectStamp& stamp,
                ObjectFacts facts);
    /// It has taken its place: what cannot be found out again is kept.
    void keep(const std::string& bucket, const std::string& key, const stores::ObjectStamp& stamp);
    void forget(const std::string& bucket, const std::string& key);

private:
    struct Entry {
        stores::ObjectStamp stamp;
        Facts facts;
    };
    Facts known(const std::string& place, const stores::ObjectStamp& stamp) const;
    Facts kept(const std::string& place, const stores::ObjectStamp& stamp);
    Facts keepInMind(const std::string& place, const stores::ObjectStamp& stamp, Facts facts);
    std::filesystem::path fileOf(const std::string& place) const;

    std::filesystem::path m_folder;
    mutable std::mutex m_mutex;
    std::unordered_map<std::string, Entry> m_entries; ///< by "bucket/key"; bounded
};

} // namespace coldframe::s3

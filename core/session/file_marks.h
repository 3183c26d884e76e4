#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/source_mark.h"
#include "model/workspace.h"
#include "sources/file_change.h"
#include "sources/folder_watcher.h"

namespace coldframe::session {

/// How a file trigger keeps what it knows of the files of its folder: one mark a file, and one,
/// with an empty key, that says since when and of which files.
class FileMarks {
public:
    FileMarks(const std::string& trigger, const FileTrigger& file,
              const std::filesystem::path& folder);

    const std::string& source() const { return m_source; }

    /// What an earlier run knew. None when there was none, or when it looked for other files: then
    /// files that were never wanted would all seem new.
    std::optional<sources::FolderWatcher::Before> read(const std::vector<SourceMark>& marks) const;
    /// It is known from now on which files there are.
    SourceMark begin(bool mounted) const;
    /// The file is known as the change leaves it.
    SourceMark of(const sources::FileChange& change) const;
    /// It is known no longer.
    SourceMark without(const std::string& key) const { return {m_source, key, {}}; }

private:
    std::string m_source;
    std::string m_wanted; ///< folder and filter
};

} // namespace coldframe::session

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "check/judge.h"
#include "model/workspace.h"
#include "stores/folder_copy.h"

namespace coldframe::session {

/// Private stores of one test, in folders of their names: copies of the workspace's, or what the
/// test gives. Blocks on the disk.
class TestStores {
public:
    /// `given`: folders by store. Errors name the store and say what to do.
    static Result<TestStores> make(const Workspace& workspace, const std::filesystem::path& under,
                                   const std::map<std::string, std::filesystem::path>& given);

    const std::filesystem::path& folder() const { return m_folder; }
    /// Objects that were made or changed since, by store as in the workspace and key.
    std::vector<check::WrittenObject> written() const;
    /// Errors: LimitReached past 16 MB; what the system refuses.
    Result<std::string> read(const check::WrittenObject& object) const;

private:
    explicit TestStores(std::filesystem::path folder) : m_folder(std::move(folder)) { }
    std::filesystem::path m_folder;
    std::vector<std::pair<std::string, std::map<std::string, stores::FileMark>>> m_before;
};

} // namespace coldframe::session

#include "session/test_stores.h"

#include <fmt/format.h>

#include "stores/folder_store.h"
#include "tables/database_copy.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxContent = std::uint64_t{16} << 20;

Error about(const std::string& store, Error error, bool given)
{
    error.message
        = fmt::format("no private copy of the store \"{}\" can be made: {}", store, error.message);
    if (error.code == Error::Code::LimitReached && !given)
        error.hint
            = fmt::format("name a smaller folder for it: \"given\": {{\"{}\": \"FOLDER\"}}", store);
    return error;
}

} // namespace

Result<TestStores> TestStores::make(const Workspace& workspace, const fs::path& under,
                                    const std::map<std::string, fs::path>& given)
{
    TestStores made(under);
    for (const Store& store : workspace.stores) {
        if (std::holds_alternative<QueueStore>(store.kind))
            continue; // in the test's own journal, and empty
        if (std::holds_alternative<PostgresStore>(store.kind))
            continue; // a server: tests write nothing into it
        const auto named = given.find(store.name);
        const bool isGiven = named != given.end();
        const fs::path& from = isGiven ? named->second : pathOf(store);
        const fs::path to = under / store.name;
        const bool isFolder = std::holds_alternative<FolderStore>(store.kind);
        const auto copied = isFolder ? stores::copyFolder(from, to, {})
                                     : tables::copyDatabase(from, to, stores::CopyLimits().bytes);
        if (!copied)
            return tl::unexpected(about(store.name, copied.error(), isGiven));
        if (isFolder)
            made.m_before.emplace_back(store.name, stores::markFiles(to));
    }
    return made;
}

std::vector<check::WrittenObject> TestStores::written() const
{
    std::vector<check::WrittenObject> objects;
    for (const auto& [store, before] : m_before)
        for (const auto& [key, mark] : stores::markFiles(m_folder / store)) {
            const auto old = before.find(key);
            if (old == before.end() || old->second != mark)
                objects.push_back({store, key, mark.bytes});
        }
    return objects;
}

Result<std::string> TestStores::read(const check::WrittenObject& object) const
{
    auto store = stores::FolderStore::open(m_folder / object.store);
    if (!store)
        return tl::unexpected(store.error());
    return store->get(object.key, kMaxContent);
}

} // namespace coldframe::session

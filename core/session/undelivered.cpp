#include "session/undelivered.h"

#include "stores/folder_store.h"

namespace coldframe::session {

Result<std::filesystem::path> keepUndelivered(const std::filesystem::path& stateFolder,
                                              const Outgoing& outgoing, bool sync)
{
    auto store = stores::FolderStore::open(stateFolder / "undelivered", {.sync = sync});
    if (!store)
        return tl::unexpected(store.error());
    const std::string key = outgoing.function + '-' + outgoing.requestId + ".json";
    if (auto kept = store->put(key, recordOf(outgoing)); !kept)
        return tl::unexpected(kept.error());
    return store->folder() / key;
}

} // namespace coldframe::session

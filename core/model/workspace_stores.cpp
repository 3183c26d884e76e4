#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe::detail {

bool isWithin(const std::filesystem::path& path, const std::filesystem::path& folder)
{
    auto part = path.begin();
    for (const std::filesystem::path& step : folder)
        if (part == path.end() || *part++ != step)
            return false;
    return true;
}

std::filesystem::path readPath(JsonReader& in, const std::string& key,
                               const WorkspaceSource& source)
{
    const std::string text = in.string(key);
    if (text == "~" || text.starts_with("~/"))
        in.fail(Error::Code::Malformed, key,
                fmt::format("{} begins with ~, which is not expanded here", key),
                "write the whole path, or one relative to the workspace folder");
    if (text.empty())
        return {};
    std::filesystem::path path = (source.folder / text).lexically_normal();
    return path.has_filename() || path == path.root_path() ? path : path.parent_path();
}

void checkName(const std::string& kind, const JsonMember& member, const std::string& pointer,
               const WorkspaceSource& source)
{
    if (!isValidName(member.key))
        source.errors.push_back(
            errorAt(source.text, pointer, true, Error::Code::Malformed,
                    fmt::format("\"{}\" is not a name for a {}", member.key, kind),
                    "use 1 to 64 letters, digits, _ and -"));
}

namespace {

enum class StoreKind { Folder, Sqlite, Queue };

void checkStorePath(JsonReader& in, const std::filesystem::path& path, const std::string& hint,
                    const WorkspaceSource& source)
{
    const std::filesystem::path home = source.folder.lexically_normal();
    const std::filesystem::path folder = home.has_filename() ? home : home.parent_path();
    if (isWithin(folder, path))
        in.fail(Error::Code::Conflict, "path",
                path == folder ? "a store cannot be the workspace folder itself"
                               : "a store cannot be a folder that holds the workspace",
                hint);
    else if (isWithin(path, folder / ".coldframe"))
        in.fail(Error::Code::Conflict, "path",
                "a store cannot lie in .coldframe, where Coldframe keeps its own state", hint);
}

Store readStore(const JsonMember& member, const std::string& pointer, const WorkspaceSource& source)
{
    Store store;
    store.name = member.key;
    checkName("store", member, pointer, source);
    JsonReader in(source.text, member.value, pointer, "a store", source.errors);
    if (!in.valid())
        return store;
    in.require("kind", "write \"folder\", \"sqlite\" or \"queue\"");
    const std::size_t before = source.errors.size();
    const StoreKind kind = in.choice<StoreKind>(
        "kind",
        {{"folder", StoreKind::Folder}, {"sqlite", StoreKind::Sqlite}, {"queue", StoreKind::Queue}},
        StoreKind::Folder, {"postgres"});
    if (source.errors.size() > before)
        return store; // its other keys are those of another kind
    if (kind == StoreKind::Queue) {
        store.kind = readQueueStore(in);
        in.rejectOtherKeys();
        return store;
    }
    const bool isFile = kind == StoreKind::Sqlite;
    in.require("path",
               isFile ? "name its file, such as \"data/orders.db\""
                      : "name its folder, such as \"data/uploads\"");
    const std::filesystem::path path = readPath(in, "path", source);
    if (!path.empty())
        checkStorePath(in, path,
                       isFile ? "name a file beside the code, such as \"data/orders.db\""
                              : "give it a folder of its own, such as \"data/uploads\"",
                       source);
    if (isFile)
        store.kind = SqliteStore{path};
    else
        store.kind = FolderStore{path};
    in.rejectOtherKeys();
    return store;
}

} // namespace

std::vector<Store> readStores(JsonReader& workspace, const WorkspaceSource& source)
{
    std::vector<Store> stores;
    const std::string base = workspace.pointer("stores");
    for (const JsonMember& member : workspace.members("stores", "stores by name"))
        stores.push_back(readStore(member, childPointer(base, member.key), source));
    return stores;
}

} // namespace coldframe::detail

#include <fmt/format.h>

#include "model/postgres_connection.h"
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

enum class StoreKind { Folder, Sqlite, Postgres, Queue };

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

PostgresStore readPostgres(JsonReader& in)
{
    in.require("connection",
               "write \"postgresql://user:${env:PASSWORD}@localhost/database\" or \"host=localhost "
               "dbname=shop\"");
    PostgresStore store{in.string("connection", {}, {1, 4096})};
    if (const auto problem = problemInConnection(store.connection))
        in.fail(problem->code, "connection", problem->message, problem->hint);
    return store;
}

std::filesystem::path readStorePath(JsonReader& in, const char* example, const char* advice,
                                    const WorkspaceSource& source)
{
    in.require("path", example);
    std::filesystem::path path = readPath(in, "path", source);
    if (!path.empty())
        checkStorePath(in, path, advice, source);
    return path;
}

Store readStore(const JsonMember& member, const std::string& pointer, const WorkspaceSource& source)
{
    Store store;
    store.name = member.key;
    checkName("store", member, pointer, source);
    JsonReader in(source.text, member.value, pointer, "a store", source.errors);
    if (!in.valid())
        return store;
    in.require("kind", "write \"folder\", \"sqlite\", \"postgres\" or \"queue\"");
    const std::size_t before = source.errors.size();
    const StoreKind kind = in.choice<StoreKind>("kind",
                                                {{"folder", StoreKind::Folder},
                                                 {"sqlite", StoreKind::Sqlite},
                                                 {"postgres", StoreKind::Postgres},
                                                 {"queue", StoreKind::Queue}},
                                                StoreKind::Folder);
    if (source.errors.size() > before)
        return store; // its other keys are those of another kind
    if (kind == StoreKind::Queue)
        store.kind = readQueueStore(in);
    else if (kind == StoreKind::Postgres)
        store.kind = readPostgres(in);
    else if (kind == StoreKind::Sqlite)
        store.kind = SqliteStore{
            readStorePath(in, "name its file, such as \"data/orders.db\"",
                          "name a file beside the code, such as \"data/orders.db\"", source)};
    else
        store.kind = FolderStore{
            readStorePath(in, "name its folder, such as \"data/uploads\"",
                          "give it a folder of its own, such as \"data/uploads\"", source)};
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

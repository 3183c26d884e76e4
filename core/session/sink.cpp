#include "session/sink.h"

#include "session/folder_sink.h"
#include "session/table_sink.h"

namespace coldframe::session {

std::shared_ptr<Sink> makeSink(const Store& store, const SinkHands& hands)
{
    if (const auto* folder = std::get_if<FolderStore>(&store.kind))
        return std::make_shared<FolderSink>(store.name, folder->path, hands);
    return std::make_shared<TableSink>(std::get<SqliteStore>(store.kind).path, hands);
}

} // namespace coldframe::session

#include "session/sink.h"

#include "postgres/row_writer.h"
#include "session/capture.h"
#include "session/folder_sink.h"
#include "session/queue_sink.h"
#include "session/table_sink.h"
#include "tables/table_writer.h"

namespace coldframe::session {

std::shared_ptr<Sink> makeSink(const Store& store, const SinkHands& hands)
{
    if (const auto* folder = std::get_if<FolderStore>(&store.kind))
        return std::make_shared<FolderSink>(store.name, folder->path, hands);
    if (const auto* queue = std::get_if<QueueStore>(&store.kind))
        return std::make_shared<QueueSink>(store.name, queue->fifo, hands);
    if (const auto* server = std::get_if<PostgresStore>(&store.kind))
        return std::make_shared<TableSink>(
            hands.mayWriteServers ? std::make_unique<postgres::RowWriter>(
                [connection = server->connection, folder = hands.folder] {
                    return connectionOf(connection, folder);
                },
                hands.stop)
                                  : nullptr,
            hands.withServers);
    return std::make_shared<TableSink>(std::make_unique<tables::TableWriter>(pathOf(store)),
                                       hands.background);
}

} // namespace coldframe::session

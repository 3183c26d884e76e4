#include "session/sink.h"

#include "session/folder_sink.h"
#include "session/queue_sink.h"
#include "session/table_sink.h"

namespace coldframe::session {

std::shared_ptr<Sink> makeSink(const Store& store, const SinkHands& hands)
{
    if (const auto* folder = std::get_if<FolderStore>(&store.kind))
        return std::make_shared<FolderSink>(store.name, folder->path, hands);
    if (const auto* queue = std::get_if<QueueStore>(&store.kind))
        return std::make_shared<QueueSink>(store.name, queue->fifo, hands);
    return std::make_shared<TableSink>(pathOf(store), hands);
}

} // namespace coldframe::session

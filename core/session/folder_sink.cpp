#include "session/folder_sink.h"

#include <fmt/format.h>

#include "stores/folder_store.h"

namespace coldframe::session {

FolderSink::FolderSink(std::string name, std::filesystem::path path, SinkHands hands)
    : m_name(std::move(name)), m_path(std::move(path)), m_hands(std::move(hands)),
      m_lines(m_path, m_hands.sync)
{
    open();
}

/// What could not be opened is tried again with each result.
Result<std::shared_ptr<const stores::FolderStore>> FolderSink::open()
{
    const std::lock_guard lock(m_mutex);
    if (m_store)
        return m_store;
    auto opened = stores::FolderStore::open(m_path, {.sync = m_hands.sync});
    if (!opened) {
        m_problem = opened.error();
        return tl::unexpected(opened.error());
    }
    m_problem.reset();
    m_store = std::make_shared<const stores::FolderStore>(std::move(*opened));
    return m_store;
}

void FolderSink::write(std::shared_ptr<const Outgoing> outgoing, const Destination& destination,
                       Delivered done)
{
    m_hands.background([self = shared_from_this(), outgoing = std::move(outgoing),
                        to = std::get<StoreDestination>(destination), done = std::move(done)] {
        const auto written = self->writeNow(*outgoing, to);
        done(written ? std::nullopt : std::optional(Trouble{written.error()}));
    });
}

Result<void> FolderSink::writeNow(const Outgoing& outgoing, const StoreDestination& destination)
{
    const auto store = open();
    if (!store)
        return tl::unexpected(store.error());
    const std::string key = keyOf(outgoing, destination);
    m_hands.writing(m_name, key, outgoing.hops);
    if (destination.append)
        return append(outgoing, destination, key);
    return (*store)->put(key, contentOf(outgoing, destination.content));
}

Result<void> FolderSink::append(const Outgoing& outgoing, const StoreDestination& destination,
                                const std::string& key)
{
    const stores::Rotation rotation{static_cast<std::uint64_t>(destination.rotateMb) << 20,
                                    std::chrono::seconds(destination.rotateS)};
    const auto appended
        = m_lines.append(key, oneLine(contentOf(outgoing, destination.content)), rotation);
    if (!appended)
        return tl::unexpected(appended.error());
    if (appended->removed > 0)
        m_hands.warn(
            {.code = Error::Code::Io,
             .message = fmt::format("a torn line of {} bytes was removed from its end; the "
                                    "event it was of is delivered again",
                                    appended->removed),
             .file = (m_path / key).string()});
    return {};
}

std::uint64_t FolderSink::count() const
{
    const auto store = folder();
    return store ? store->count().value_or(0) : 0;
}

std::shared_ptr<const stores::FolderStore> FolderSink::folder() const
{
    const std::lock_guard lock(m_mutex);
    return m_store;
}

std::optional<Error> FolderSink::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

} // namespace coldframe::session

#pragma once

#include <filesystem>
#include <mutex>

#include "session/sink.h"
#include "stores/line_file.h"

namespace coldframe::session {

/// A store that is a folder: a file a result, or a line of a JSON-lines file.
class FolderSink final : public Sink, public std::enable_shared_from_this<FolderSink> {
public:
    FolderSink(std::string name, std::filesystem::path path, SinkHands hands);

    void write(std::shared_ptr<const Outgoing> outgoing, const Destination& destination,
               Delivered done) override;
    std::uint64_t count() const override;
    std::shared_ptr<const stores::FolderStore> folder() const override;
    std::optional<Error> problem() const override;

private:
    Result<std::shared_ptr<const stores::FolderStore>> open();
    Result<void> writeNow(const Outgoing& outgoing, const StoreDestination& destination);
    Result<void> append(const Outgoing& outgoing, const StoreDestination& destination,
                        const std::string& key);

    const std::string m_name;
    const std::filesystem::path m_path;
    const SinkHands m_hands;
    stores::LineFiles m_lines;
    mutable std::mutex m_mutex; ///< of what follows
    std::shared_ptr<const stores::FolderStore> m_store;
    std::optional<Error> m_problem;
};

} // namespace coldframe::session

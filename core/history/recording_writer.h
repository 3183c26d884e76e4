#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/configuration.h"
#include "engine/input.h"
#include "history/action_digest.h"
#include "history/attempt_row.h"
#include "history/recording_header.h"
#include "model/error.h"

namespace coldframe::history {

struct WriterOptions {
    /// Longest time between something recorded and its being in the file.
    Duration writeEvery = std::chrono::milliseconds(500);
    Duration checkpointEvery = std::chrono::seconds(60);
    /// What may wait in memory when the disk is slower than the run; beyond it the recording stops.
    std::size_t maxWaitingBytes = std::size_t{256} << 20;
    /// The recording had to stop. Called once, on the writer's thread.
    std::function<void(const Error&)> onStopped{};
};

struct WriterStats {
    std::uint64_t inputs = 0, attempts = 0; ///< recorded so far
    std::uint64_t bytes = 0; ///< in the files
    std::optional<Error> stopped;
};

/// Writes a recording while the run goes on. One thread, the one that steps the engine, calls the
/// recording functions; they only append to memory, and a thread of the writer's own does the rest.
///
/// When a write fails (a full disk), the recording stops: its files end with the last whole batch,
/// the reason is said once, and everything recorded afterwards is dropped, because a replay cannot
/// bridge a gap. The run goes on. When there is room again, begin another recording: it starts from
/// a checkpoint of the engine, so any moment will do.
class RecordingWriter {
public:
    /// Makes the folder. Errors: it already holds a recording, cannot be written.
    static Result<std::unique_ptr<RecordingWriter>>
    create(const std::filesystem::path& folder, RecordingHeader header, WriterOptions options = {});
    /// Without close(), what waits is still written, but the recording counts as interrupted.
    ~RecordingWriter();

    /// Every configuration given to Engine::define(), in order, also those of before this
    /// recording.
    void configuration(const engine::Configuration& configuration);
    /// The engine as it stands between two inputs. The first one belongs before the first input.
    void checkpoint(TimePoint at, std::vector<std::byte> engineState, const ActionDigest& digest);
    bool checkpointDue(TimePoint now) const;

    void input(TimePoint at, const engine::Input& input);
    void attempt(const AttemptRow& row);
    /// Keeps a body, result or log, and says where for an AttemptRow.
    BlobRef blob(std::string_view bytes);

    /// Waits until all is in the files; the reason when the recording has stopped.
    Result<void> flush();
    /// Ends the recording in order, with the digest of the whole run. Nothing is recorded after.
    Result<void> close(TimePoint at, const ActionDigest& digest);

    WriterStats stats() const;

private:
    class Worker;
    explicit RecordingWriter(std::unique_ptr<Worker> worker);
    std::unique_ptr<Worker> m_worker;
};

} // namespace coldframe::history

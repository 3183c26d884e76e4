#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "history/action_digest.h"
#include "history/attempt_log.h"
#include "history/recording_writer.h"
#include "session/session.h"

namespace coldframe::session {

/// Where the bodies of a log's rows are, from the first of them on.
struct RecordingPart {
    std::filesystem::path folder;
    std::uint64_t firstRow = 0;
};

/// The recordings of one run, one after the other: a new one begins when the one under way has
/// grown too large or too old, or when it had to stop and there may be room again. Each starts with
/// a checkpoint of the engine and can be replayed by itself.
///
/// On the live thread, which never waits: files are made and closed by `background`.
class RecordingChain {
public:
    struct Options {
        std::filesystem::path folder; ///< of all recordings
        std::function<history::RecordingHeader()> header; ///< of one that begins now
        history::WriterOptions writer;
        RecordingLimits limits;
        std::function<void(std::function<void()>)> background; ///< runs blocking work elsewhere
        std::function<void(std::function<void()>)> post; ///< back to the live thread
        std::function<void(const Error&)> trouble; ///< something to be said, on the live thread
        std::function<void(const std::filesystem::path&)> resumed; ///< recording again after a stop
    };
    /// Makes the first one at once. Errors: the folder cannot be written.
    static Result<std::unique_ptr<RecordingChain>> begin(Options options);
    ~RecordingChain();

    history::RecordingWriter& writer() { return *m_writer; }
    /// For other threads: outlives the change to the next recording.
    std::shared_ptr<history::RecordingWriter> sharedWriter() const { return m_writer; }
    bool recording() const { return !m_writer->stats().stopped; }
    const std::filesystem::path& folder() const { return m_parts.back().folder; }

    /// Between two steps of the engine: a checkpoint or the next recording when one is due.
    /// `rows` is how many rows the log of attempts has had.
    void rest(TimePoint now, const engine::Engine& engine, const history::ActionDigest& digest,
              std::uint64_t rows);
    void close(TimePoint now, const history::ActionDigest& digest);

    const std::vector<RecordingPart>& parts() const { return m_parts; }

private:
    explicit RecordingChain(Options options) : m_options(std::move(options)) { }
    /// A recording that nothing was written into yet: unless it is taken, its folder goes again.
    class Made {
    public:
        explicit Made(std::filesystem::path folder) : m_folder(std::move(folder)) { }
        ~Made();
        Made(const Made&) = delete;
        Made& operator=(const Made&) = delete;
        std::filesystem::path take() { return std::exchange(m_folder, {}); }
        const std::filesystem::path& folder() const { return m_folder; }
        std::shared_ptr<history::RecordingWriter> writer;

    private:
        std::filesystem::path m_folder;
    };
    using MadeResult = Result<std::shared_ptr<Made>>;
    static MadeResult make(const Options& options, history::RecordingHeader header);
    void prepare(TimePoint now);
    void prepared(MadeResult made);
    void change(TimePoint now, const engine::Engine& engine, const history::ActionDigest& digest,
                std::uint64_t rows);
    bool due(TimePoint now) const;
    void prune();

    Options m_options;
    std::shared_ptr<history::RecordingWriter> m_writer;
    std::vector<RecordingPart> m_parts;
    std::shared_ptr<Made> m_next;
    std::optional<TimePoint> m_startedAt, m_triedAt;
    bool m_preparing = false;
    std::shared_ptr<RecordingChain*> m_alive; ///< what is posted looks first
};

} // namespace coldframe::session

#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "engine/engine.h"
#include "history/attempt_log.h"
#include "history/recording_writer.h"
#include "live/event.h"

namespace coldframe::session {

/// Keeps what happened: rows in memory for the window, everything on disk for replay. Without a
/// folder it keeps rows only. On the live thread.
class Recorder {
public:
    void begin(const std::filesystem::path& folder, history::RecordingHeader header,
               history::WriterOptions options, std::string& problem);

    void configured(const engine::Configuration& configuration);
    void stepped(TimePoint now, const engine::Input& input,
                 std::span<const engine::Action> actions);
    /// Between two steps: a checkpoint when one is due.
    void rest(TimePoint now, const engine::Engine& engine);

    void attempt(const engine::Meter& meter, const live::Event& event,
                 const live::AttemptReport& report, Money cost);
    /// An event that got no attempt: throttled, or given up while it waited.
    void unserved(TimePoint now, InvocationId invocation, FunctionId function,
                  const engine::Reason& reason, const live::Event& event);

    history::AttemptLog::View view() const { return m_log.view(); }
    const std::filesystem::path& folder() const { return m_folder; }
    bool recording() const;
    /// What the writer has; flushed first, so that the newest attempt is there.
    Result<void> flush();
    void close(TimePoint now);

private:
    history::AttemptLog m_log;
    std::unique_ptr<history::RecordingWriter> m_writer;
    std::filesystem::path m_folder;
    history::ActionDigest m_digest;
};

} // namespace coldframe::session

#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "engine/engine.h"
#include "history/attempt_log.h"
#include "live/event.h"
#include "session/attempt_source.h"
#include "session/recording_chain.h"

namespace coldframe::session {

/// Keeps what happened: rows in memory for the window, everything on disk for replay. Without a
/// folder it keeps rows only. On the live thread.
class Recorder {
public:
    /// Errors: the folder of recordings cannot be written; rows are kept all the same.
    Result<void> begin(RecordingChain::Options options);

    /// By FunctionId: what is masked in everything that is written from now on, beside what was
    /// before, which running instances may still have.
    void mask(const std::vector<std::vector<std::string>>& secrets);

    void configured(const engine::Configuration& configuration);
    void stepped(TimePoint now, const engine::Input& input,
                 std::span<const engine::Action> actions);
    /// Between two steps: a checkpoint, or the next recording, when one is due.
    void rest(TimePoint now, const engine::Engine& engine);

    void attempt(const engine::Meter& meter, const live::Event& event,
                 const live::AttemptReport& report, Money cost);
    /// An event that got no attempt: throttled, or given up while it waited.
    void unserved(TimePoint now, InvocationId invocation, FunctionId function,
                  const engine::Reason& reason, const live::Event& event);

    history::AttemptLog::View view() const { return m_log.view(); }
    std::filesystem::path folder() const
    {
        return m_chain ? m_chain->folder() : std::filesystem::path();
    }
    AttemptSource source() const;
    bool recording() const { return m_chain && m_chain->recording(); }
    void close(TimePoint now);

private:
    history::AttemptLog m_log;
    history::RecordingWriter* writer() { return m_chain ? &m_chain->writer() : nullptr; }
    history::BlobRef keep(const std::string& text, FunctionId function);
    void keepEvent(history::AttemptRow& row, const live::Event& event);

    std::vector<std::vector<std::string>> m_secrets; ///< by FunctionId
    std::unique_ptr<RecordingChain> m_chain;
    history::ActionDigest m_digest;
};

} // namespace coldframe::session

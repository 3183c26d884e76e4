#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cost/price_book.h"
#include "history/replay.h"
#include "study/changes.h"
#include "study/comparison.h"
#include "study/script_maker.h"

namespace coldframe::study {

/// Rules and prices of a platform.
struct StudyPlatform {
    engine::Platform platform;
    cost::PriceBook prices;
    cost::Architecture architecture = cost::Architecture::X86_64;
};

struct PlayOptions {
    const StudyPlatform* platform = nullptr; ///< where Changes::platform names one
    std::stop_token stop{};
    std::function<void(double share)> onProgress{}; ///< of the recorded time, 0 … 1
};

struct PlayedRun {
    sim::ScriptedResult result;
    history::ActionDigest digest; ///< of all the engine asked for
    Comparison comparison;
};

/// A recording, ready to be played again under one change after the other. What it holds can be
/// read from any thread.
class ReplayStudy {
public:
    /// Replays the recording as it is and takes it apart. Errors: it cannot be read, or was written
    /// by a program with another engine.
    static Result<ReplayStudy> open(const std::filesystem::path& folder, std::stop_token stop = {});

    const std::filesystem::path& folder() const { return m_folder; }
    const std::vector<std::string>& functions() const { return m_run.script.names; }
    /// Whether every decision came out as it was recorded.
    const history::ReplayReport& report() const { return m_report; }
    /// Names by index in the workspace, as it was when the recording began.
    const std::vector<std::string>& triggers() const { return m_triggers; }
    std::uint32_t ephemeralMbOf(FunctionId function) const
    {
        return function < m_ephemeralMb.size() ? m_ephemeralMb[function] : 0;
    }
    std::uint64_t inputCount() const { return m_run.script.rows; }
    const RecordedRun& recorded() const { return m_run; }
    const StudyPlatform& platform() const { return m_platform; }
    const std::vector<Error>& warnings() const { return m_warnings; }

    /// The recording beside itself: for its own figures.
    Comparison figures() const;
    /// Errors: changes that contradict each other, more arrivals than can be held.
    Result<PlayedRun> play(const Changes& changes, const PlayOptions& options = {}) const;

private:
    ReplayStudy() = default;
    Result<void> readHeader(const history::RecordingHeader& header);
    sim::RunPrices pricesOf(const StudyPlatform& platform) const;

    std::filesystem::path m_folder;
    history::ReplayReport m_report;
    RecordedRun m_run;
    StudyPlatform m_platform;
    std::uint32_t m_accountConcurrency = 0; ///< the workspace's own; 0: as the platform says
    std::uint64_t m_seed = 0;
    std::vector<std::uint32_t> m_ephemeralMb; ///< by FunctionId
    std::vector<std::string> m_triggers;
    std::vector<Error> m_warnings;
};

} // namespace coldframe::study

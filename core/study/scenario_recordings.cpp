#include "study/scenario_recordings.h"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "history/recording_reader.h"
#include "model/json_reader.h"
#include "model/suggestion.h"
#include "model/workspace_file.h"
#include "study/arrival_copies.h"
#include "study/fit.h"
#include "study/recording_folder.h"

namespace coldframe::study {

namespace {

namespace fs = std::filesystem;

/// What one function of a recording tells.
struct Told {
    std::vector<std::int64_t> services, inits, arrivals; ///< ns
    std::uint32_t memoryMb = 0;
    double cpuNs = 0, platformNs = 0; ///< sums over `services`, where both are known
};

/// One recording, read once however many functions refer to it.
class Recorded {
public:
    static Result<Recorded> open(const fs::path& given)
    {
        auto folder = findRecording(given);
        if (!folder)
            return tl::unexpected(folder.error());
        auto reader = history::RecordingReader::open(*folder);
        if (!reader)
            return tl::unexpected(reader.error());
        Recorded recorded;
        recorded.m_folder = *folder;
        WorkspaceReading workspace = readWorkspace(reader->header().workspace, *folder,
                                                   (*folder / history::kHeaderFile).string());
        if (!workspace.workspace)
            return tl::unexpected(workspace.errors.front());
        for (const Function& function : workspace.workspace->functions)
            recorded.m_names.push_back(function.name);
        const auto& configurations = reader->configurations();
        recorded.m_mbPerVcpu
            = configurations.empty() ? 0 : configurations.front().platform.mbPerVcpu;
        reader->readAttempts(*recorded.m_log);
        recorded.m_startedAt = reader->header().startedAt;
        return recorded;
    }
    const fs::path& folder() const { return m_folder; }
    const std::vector<std::string>& names() const { return m_names; }

    Told of(std::size_t function) const
    {
        Told told;
        const auto rows = m_log->view();
        for (std::uint64_t i = rows.firstRow(); i < rows.endRow(); ++i)
            if (rows[i].function == function)
                add(told, rows[i]);
        std::ranges::sort(told.arrivals);
        return told;
    }

private:
    Recorded() = default;
    void add(Told& told, const history::AttemptRow& row) const
    {
        if (row.attempt == 1)
            told.arrivals.push_back(
                std::max<std::int64_t>((row.acceptedAt - m_startedAt).count(), 0));
        // What the desk or a person disturbed says nothing of the platform.
        constexpr int kDisturbed = history::kDeskWaited | history::kSuspended | history::kDebugged;
        if (row.ending != history::Ending::Succeeded || (row.flags & kDisturbed) != 0)
            return;
        told.services.push_back(row.platform.count());
        told.memoryMb = row.memoryMb;
        if (row.start == history::StartKind::Cold)
            told.inits.push_back(row.init.count());
        // platform = wait + CPU * stretch, desk = wait + CPU: what was added tells the CPU's part.
        const double stretch = row.memoryMb > 0 && m_mbPerVcpu > row.memoryMb
            ? static_cast<double>(m_mbPerVcpu) / row.memoryMb
            : 1;
        if (stretch > 1) {
            const auto added = static_cast<double>((row.platform - row.desk).count());
            told.cpuNs += std::max(added, 0.0) / (stretch - 1) * stretch;
            told.platformNs += static_cast<double>(row.platform.count());
        }
    }
    fs::path m_folder;
    std::vector<std::string> m_names;
    std::uint32_t m_mbPerVcpu = 0;
    TimePoint m_startedAt{};
    // A log is neither copied nor moved; a Result must be.
    std::unique_ptr<history::AttemptLog> m_log = std::make_unique<history::AttemptLog>();
};

class Filler {
public:
    Filler(Prepared& prepared, fs::path folder, const JsonText& text)
        : m_prepared(prepared), m_folder(std::move(folder)), m_text(text)
    { }

    std::vector<Error> fill()
    {
        for (scenario::ScenarioFunction& function : m_prepared.scenario.functions) {
            const std::string& name = function.model.name;
            if (function.service.fitted)
                fillService(function, name);
            if (function.coldStart && function.coldStart->fitted)
                fillColdStart(*function.coldStart, name);
            if (function.arrivals.recording)
                fillArrivals(function.arrivals, name);
        }
        return std::move(m_errors);
    }

private:
    const Recorded* recorded(const scenario::RecordingRef& ref)
    {
        auto known = m_recordings.find(ref.path);
        if (known == m_recordings.end()) {
            const fs::path path(ref.path);
            auto opened = Recorded::open(path.is_absolute() ? path : m_folder / path);
            if (!opened) {
                m_errors.push_back(errorAt(m_text, ref.pointer + "/recording", false,
                                           opened.error().code, opened.error().message,
                                           opened.error().hint));
                m_recordings.emplace(ref.path, nullptr);
                return nullptr;
            }
            known = m_recordings.emplace(ref.path, std::make_unique<Recorded>(std::move(*opened)))
                        .first;
        }
        return known->second.get();
    }

    /// What the recording tells of the function, or nothing, with an error recorded.
    std::optional<Told> told(const scenario::RecordingRef& ref, const std::string& name)
    {
        const Recorded* recording = recorded(ref);
        if (!recording)
            return std::nullopt;
        const std::string& wanted = ref.function.empty() ? name : ref.function;
        const auto& names = recording->names();
        const auto found = std::ranges::find(names, wanted);
        if (found == names.end()) {
            const auto meant = suggestFor(wanted, names);
            m_errors.push_back(errorAt(m_text, ref.pointer + "/function", false,
                                       Error::Code::Missing,
                                       fmt::format("the recording has no function \"{}\"", wanted),
                                       meant ? fmt::format("did you mean \"{}\"?", *meant)
                                             : "there are " + listOfNames(names)));
            return std::nullopt;
        }
        return recording->of(static_cast<std::size_t>(found - names.begin()));
    }
    void nothing(const scenario::RecordingRef& ref, const std::string& what)
    {
        m_errors.push_back(errorAt(m_text, ref.pointer + "/recording", false, Error::Code::Missing,
                                   fmt::format("the recording has no {} of this function", what),
                                   "choose another recording, or give a law"));
    }
    void note(std::string what, const std::string& detail, const scenario::RecordingRef& ref)
    {
        m_prepared.origins.push_back(
            {std::move(what), "measured", fmt::format("{}, in {}", detail, ref.path)});
    }

    void fillService(scenario::ScenarioFunction& function, const std::string& name)
    {
        const scenario::RecordingRef ref = *function.service.fitted;
        const auto measured = told(ref, name);
        if (!measured)
            return;
        if (measured->services.empty())
            return nothing(ref, "attempt that succeeded undisturbed");
        const Fit fit = fitDurations(measured->services);
        scenario::ServiceSpec& service = function.service;
        service.law = fit.law;
        if (!service.atMemoryMb)
            service.atMemoryMb = measured->memoryMb;
        std::string share;
        if (!service.cpuShare && measured->platformNs > 0) {
            service.cpuShare = std::clamp(measured->cpuNs / measured->platformNs, 0.0, 1.0);
            share = fmt::format("; {:.0f} % of it CPU time", *service.cpuShare * 100);
        }
        note(fmt::format("service of {}", name), describe(fit) + share, ref);
    }
    void fillColdStart(scenario::ColdStartSpec& cold, const std::string& name)
    {
        const scenario::RecordingRef ref = *cold.fitted;
        const auto measured = told(ref, name);
        if (!measured)
            return;
        if (measured->inits.empty())
            return nothing(ref, "cold start");
        const Fit fit = fitDurations(measured->inits);
        cold.law = fit.law;
        note(fmt::format("cold start of {}", name), describe(fit), ref);
    }
    void fillArrivals(scenario::ArrivalSpec& arrivals, const std::string& name)
    {
        const scenario::RecordingRef ref = *arrivals.recording;
        auto measured = told(ref, name);
        if (!measured)
            return;
        if (measured->arrivals.empty())
            return nothing(ref, "event");
        auto times = std::make_shared<std::vector<std::int64_t>>(
            copied(measured->arrivals, arrivals.rateFactor,
                   {m_prepared.scenario.seed, sim::Draw::Pick, sim::entityOf(name)}));
        note(fmt::format("arrivals of {}", name),
             fmt::format("{} recorded, {} simulated", measured->arrivals.size(), times->size()),
             ref);
        arrivals.model = sim::GivenArrivals{std::move(times)};
    }

    Prepared& m_prepared;
    fs::path m_folder;
    const JsonText& m_text;
    std::map<std::string, std::unique_ptr<Recorded>> m_recordings;
    std::vector<Error> m_errors;
};

} // namespace

std::vector<Error> fillFromRecordings(Prepared& prepared, const fs::path& folder,
                                      const JsonText& text)
{
    return Filler(prepared, folder, text).fill();
}

} // namespace coldframe::study

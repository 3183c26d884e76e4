#include "ui/replay/replay_job.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <optional>
#include <utility>

#include "study/recording_folder.h"
#include "study/study_platform.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr auto kTellEvery = std::chrono::milliseconds(50);

Error noMemory()
{
    return {Error::Code::LimitReached,
            "the machine has no more memory for this recording",
            "close other programs, or lower arrivals.rateFactor",
            {},
            {}};
}

Result<study::ReplayStudy> openedStudy(const std::string& path, const std::stop_token& stop)
try {
    const auto folder = study::findRecording(path);
    if (!folder)
        return tl::unexpected(folder.error());
    return study::ReplayStudy::open(*folder, stop);
} catch (const std::bad_alloc&) {
    return tl::unexpected(noMemory());
}

Result<study::PlayedRun> playedRun(const study::ReplayStudy& study,
                                   const std::vector<std::string>& settings,
                                   const std::string& resources, study::PlayOptions options)
try {
    const auto changes = study::readChanges(settings, study.functions());
    if (!changes)
        return tl::unexpected(changes.error());
    std::optional<study::StudyPlatform> platform;
    if (!changes->platform.empty()) {
        auto read = study::readStudyPlatform(resources, changes->platform);
        if (!read)
            return tl::unexpected(read.error());
        options.platform = &platform.emplace(std::move(*read));
    }
    return study.play(*changes, options);
} catch (const std::bad_alloc&) {
    return tl::unexpected(noMemory());
}

bool wasStopped(const study::PlayedRun& run, const std::stop_token&)
{
    return run.result.stopped;
}

bool wasStopped(const study::ReplayStudy&, const std::stop_token& stop)
{
    return stop.stop_requested(); // it may have read a part only
}

} // namespace

ReplayJob::ReplayJob(QObject* parent) : QObject(parent) { }

/// `make` gives a Result<Made> on the other thread.
template <typename Made, typename Do>
void ReplayJob::start(const Do& make, void (ReplayJob::*done)(const std::shared_ptr<const Made>&))
{
    setRunning(true);
    Q_EMIT progressed(-1.0);
    m_work.start([this, make, done](const std::stop_token& stop, const LatestWork::Tell& tell) {
        std::chrono::steady_clock::time_point said{};
        double most = 0; // it is played twice when it takes longer than the recording did
        const auto progress = [&](double share) {
            most = std::max(most, share);
            if (const auto now = std::chrono::steady_clock::now(); now - said >= kTellEvery) {
                said = now;
                tell([this, most] { Q_EMIT progressed(most); });
            }
        };
        Result<Made> made = make(stop, progress);
        const bool stopped = made ? wasStopped(*made, stop) : stop.stop_requested();
        std::shared_ptr<const Made> kept;
        if (made && !stopped)
            kept = std::make_shared<const Made>(std::move(*made));
        return [this, done, stopped, kept, error = made ? Error() : made.error()] {
            setRunning(false);
            if (stopped)
                Q_EMIT cancelled();
            else if (kept)
                (this->*done)(kept);
            else
                Q_EMIT failed(error);
        };
    });
}

void ReplayJob::open(const QString& path)
{
    start<study::ReplayStudy>(
        [path = path.toStdString()](const std::stop_token& stop, const auto&) {
            return openedStudy(path, stop);
        },
        &ReplayJob::opened);
}

void ReplayJob::play(StudyPtr study, std::vector<std::string> settings,
                     const QString& resourceFolder)
{
    start<study::PlayedRun>(
        [study = std::move(study), settings = std::move(settings),
         resources = resourceFolder.toStdString()](const std::stop_token& stop,
                                                   const auto& progress) {
            return playedRun(*study, settings, resources, {.stop = stop, .onProgress = progress});
        },
        &ReplayJob::played);
}

void ReplayJob::cancel()
{
    if (m_running)
        m_work.stop();
}

void ReplayJob::setRunning(bool running)
{
    if (running == m_running)
        return;
    m_running = running;
    Q_EMIT runningChanged(running);
}

QString verdictText(const study::ReplayStudy& study)
{
    const history::ReplayReport& report = study.report();
    if (report.equal())
        return report.rows == 1
            ? QObject::tr("1 input, decided as recorded")
            : QObject::tr("%1 inputs, decided as recorded").arg(countText(report.rows));
    return QObject::tr(
               "Other decisions than recorded, first known at input %1 of %2. The engine of "
               "this version decides otherwise than the one that recorded it; what it "
               "would say of other settings could not be compared.")
        .arg(countText(report.firstDifference->row), countText(study.inputCount()));
}

} // namespace coldframe::ui

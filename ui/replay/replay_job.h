#pragma once

#include <memory>
#include <string>
#include <vector>

#include "study/replay_study.h"
#include "ui/simulate/latest_work.h"

namespace coldframe::ui {

using StudyPtr = std::shared_ptr<const study::ReplayStudy>;
using PlayedPtr = std::shared_ptr<const study::PlayedRun>;

/// Reads a recording and plays it again, beside the window, which stays free. Each open() and
/// play() is answered by exactly one of opened() or played(), failed() and cancelled(), unless a
/// newer one replaces it.
class ReplayJob : public QObject {
    Q_OBJECT
public:
    explicit ReplayJob(QObject* parent = nullptr);

    /// The recording that is meant by a path: itself, or a workspace's newest.
    void open(const QString& path);
    /// With settings such as "pool.keepAliveS=60". Needs a study that was opened.
    void play(StudyPtr study, std::vector<std::string> settings, const QString& resourceFolder);
    void cancel();
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void runningChanged(bool running);
    /// Share of the recorded time, 0 … 1, or below zero where it is not known.
    void progressed(double share);
    void opened(const coldframe::ui::StudyPtr& study);
    void played(const coldframe::ui::PlayedPtr& run);
    void failed(const coldframe::Error& error);
    void cancelled();

private:
    template <typename Made, typename Do>
    void start(const Do& make, void (ReplayJob::*done)(const std::shared_ptr<const Made>&));
    void setRunning(bool running);

    LatestWork m_work;
    bool m_running = false;
};

/// Whether the engine decides as it did when it was recorded; else where it first did not.
QString verdictText(const study::ReplayStudy& study);

} // namespace coldframe::ui

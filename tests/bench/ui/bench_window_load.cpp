// What a busy run costs the window's thread: pictures of a run with 2,000 attempts a second go to
// the live column and the table five times a second, and every frame of a 60 Hz screen is timed by
// the thread's own CPU clock.
//
//   bench_window_load [SECONDS] [ATTEMPTS_PER_SECOND]      60 and 2,000 by default
//
// Bar: the 99th percentile of the frames that had work to do stays below 8 ms.

#include <QApplication>
#include <QFile>
#include <QHBoxLayout>
#include <QThread>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <time.h>

#include "growing_run.h"
#include "ui/attempts/attempts_pane.h"
#include "ui/charts/live_column.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace std::chrono_literals;

namespace {

constexpr int kFramesPerSecond = 60;
constexpr int kPicturesPerSecond = 5;
constexpr double kBarMs = 8.0;
constexpr double kBarMb = 40.0; ///< beside the log, whatever the number of attempts
constexpr int kControlSeconds = 10;
constexpr double kIdleMs = 0.05; ///< a frame below this did nothing

double threadMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

double residentMb()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0.0;
    return file.readAll().split(' ').value(1).toDouble() * 4096.0 / (1024.0 * 1024.0);
}

double percentile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0.0;
    std::ranges::sort(values);
    const auto last = static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(last * share)];
}

double wallMilliseconds()
{
    return std::chrono::duration<double, std::milli>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// The longest turn of the event loop beside an idle window: what this machine adds by itself.
double longestStall(int seconds)
{
    double longest = 0.0;
    for (int frame = 0; frame < seconds * kFramesPerSecond; ++frame) {
        const double wall = wallMilliseconds();
        QCoreApplication::processEvents();
        longest = std::max(longest, wallMilliseconds() - wall);
        QThread::usleep(1'000'000 / kFramesPerSecond);
    }
    return longest;
}

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    const int seconds = argc > 1 ? std::max(1, QByteArray(argv[1]).toInt()) : 60;
    const int rate = argc > 2 ? std::max(1, QByteArray(argv[2]).toInt()) : 2'000;
    const ui::ThemeManager themes;
    QWidget window;
    auto* row = new QHBoxLayout(&window);
    auto* attempts = new ui::AttemptsPane(&window);
    auto* live = new ui::LiveColumn(&window);
    live->setFixedWidth(376);
    row->addWidget(attempts, 1);
    row->addWidget(live);
    window.resize(1320, 900);
    window.show();
    QCoreApplication::processEvents();

    const double control = longestStall(kControlSeconds); // of a window that has nothing to do

    bench::GrowingRun run(static_cast<std::uint32_t>(rate));
    run.after(500ms);
    const double before = residentMb();
    std::vector<double> frames;
    double stall = 0.0;
    for (int frame = 0; frame < seconds * kFramesPerSecond; ++frame) {
        std::shared_ptr<const session::Snapshot> picture; // made by another thread in the product
        if (frame % (kFramesPerSecond / kPicturesPerSecond) == 0)
            picture = run.after(1'000'000'000ns / kPicturesPerSecond);
        const double start = threadMilliseconds(), wall = wallMilliseconds();
        if (picture) {
            live->show(picture);
            attempts->show(picture);
        }
        QCoreApplication::processEvents();
        const double spent = threadMilliseconds() - start;
        if (spent > kIdleMs)
            frames.push_back(spent);
        stall = std::max(stall, wallMilliseconds() - wall);
        QThread::usleep(1'000'000 / kFramesPerSecond);
    }
    const double log
        = static_cast<double>(run.attempts()) * sizeof(history::AttemptRow) / 1048576.0;
    const double p99 = percentile(frames, 0.99);
    double total = 0.0;
    for (const double frame : frames)
        total += frame;
    std::printf("%llu attempts in %d s; %zu frames with work: median %.2f ms, p99 %.2f ms, "
                "longest %.2f ms (bar: p99 < %.0f ms)\n",
                static_cast<unsigned long long>(run.attempts()), seconds, frames.size(),
                percentile(frames, 0.5), p99, percentile(frames, 1.0), kBarMs);
    const double grown = residentMb() - before;
    std::printf("CPU of the window's thread: %.1f %% of a core; memory %+.1f MB, of which the log "
                "holds %.1f MB (bar: %.0f MB beside it)\n",
                total / (seconds * 10.0), grown, log, kBarMb);
    std::printf("longest turn of the event loop: %.1f ms, of a window at rest before it %.1f ms\n",
                stall, control);
    return p99 < kBarMs && grown - log < kBarMb ? 0 : 1;
}

// What one picture costs the window's thread, by its own CPU clock, the best of some: the lanes of
// 200 instances, quiet and busy, and a page of the table out of 100,000 attempts.
//
//   bench_painting
//
// Bars: 8 ms for the lanes, 4 ms for the page.

#include <QApplication>

#include <algorithm>
#include <cstdio>
#include <time.h>

#include "growing_run.h"
#include "ui/attempts/attempts_pane.h"
#include "ui/attempts/attempts_table.h"
#include "ui/charts/lanes_view.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace std::chrono_literals;

namespace {

double threadMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

/// Says how long a picture takes; false when that is over the bar.
bool paint(const char* what, QWidget& viewport, double barMs)
{
    QPixmap picture(viewport.size());
    viewport.render(&picture); // the first one fills caches
    double best = 1e9;
    for (int i = 0; i < 9; ++i) {
        const double before = threadMilliseconds();
        viewport.render(&picture);
        best = std::min(best, threadMilliseconds() - before);
    }
    std::printf("%s: %.2f ms a picture (bar: %.0f ms)\n", what, best, barMs);
    return best < barMs;
}

bool paintLanes(const char* what, Duration length)
{
    bench::GrowingRun run(1);
    ui::LanesView view;
    view.resize(420, 200 * 12 + 20);
    view.show();
    view.showSnapshot(run.after(length));
    return paint(what, *view.viewport(), 8.0);
}

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication app(argc, argv);
    const ui::ThemeManager themes;
    bool within = paintLanes("200 lanes, 1 s of work", 1s);
    within = paintLanes("200 lanes, 120 s of work", 120s) && within;

    bench::GrowingRun run(1'000);
    ui::AttemptsPane attempts;
    attempts.resize(940, 560);
    attempts.show();
    attempts.show(run.after(100s));
    QCoreApplication::processEvents();
    within = paint("a page of 100,000 attempts", *attempts.table()->viewport(), 4.0) && within;
    return within ? 0 : 1;
}

// replay_check FOLDER: replays a recording through a fresh engine. Exit codes: 0 the same decisions
// as when it ran, 1 others, 2 it cannot be read.
#include <cstdio>

#include <fmt/format.h>

#include "history/replay.h"

int main(int argc, char** argv)
{
    using namespace coldframe;
    if (argc != 2) {
        fmt::print(stderr, "usage: replay_check FOLDER\n");
        return 2;
    }
    const auto recording = history::RecordingReader::open(argv[1]);
    if (!recording) {
        fmt::print(stderr, "{}\n", describe(recording.error()));
        return 2;
    }
    const auto report = history::replay(*recording);
    if (!report) {
        fmt::print(stderr, "{}\n", describe(report.error()));
        return 2;
    }
    if (!report->equal()) {
        fmt::print("different: first known at input {} of {}\n", report->firstDifference->row,
                   recording->inputCount());
        return 1;
    }
    fmt::print("equal: {} inputs, {} digests compared, {}\n", report->rows, report->compared,
               report->complete ? "complete" : "incomplete");
    return 0;
}

#include "simulate_trace.h"

#include <atomic>
#include <future>

#include <fmt/format.h>

#include "console.h"
#include "interrupt.h"
#include "model/text_file.h"
#include "simulate_trace_rules.h"
#include "simulate_trace_text.h"

namespace coldframe::commands {

namespace {

/// Works in the background; the first Ctrl+C stops it, a terminal sees how far it is.
Result<study::TraceAnswer> answerWithProgress(const study::TraceQuestion& question)
{
    const bool terminal = errorIsTerminal();
    const Interrupt interrupt;
    std::stop_source stop;
    std::atomic<double> share = 0;
    auto answer = std::async(std::launch::async, [&] {
        return study::answer(question, stop.get_token(), [&](double done) { share = done; });
    });
    bool shown = false;
    while (answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        if (interrupt.wait(std::chrono::milliseconds(stop.stop_requested() ? 0 : 50))) {
            stop.request_stop();
            answer.wait();
        } else if (terminal) {
            sayRaw(fmt::format("\r{:3.0f} %", share.load() * 100));
            shown = true;
        }
    }
    if (shown)
        sayRaw("\r      \r");
    return answer.get();
}

} // namespace

ExitCode simulateTrace(const SimulateTraceOptions& options)
{
    const auto question = traceQuestion(options);
    if (!question) {
        say(question.error());
        return ExitCode::BadInput;
    }
    const auto answer = answerWithProgress(*question);
    if (!answer) {
        say(answer.error());
        return answer.error().code == Error::Code::Unavailable ? ExitCode::Failed
                                                               : ExitCode::BadInput;
    }
    if (!options.csv.empty())
        if (auto written = replaceFile(options.csv, traceCsv(*question, *answer)); !written) {
            say(written.error());
            return exitCodeOf(written.error());
        }
    const std::string text = options.json ? traceJson(options, *question, *answer)
                                          : traceText(options, *question, *answer);
    if (auto written = writeOut(text); !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    return ExitCode::Success;
}

} // namespace coldframe::commands

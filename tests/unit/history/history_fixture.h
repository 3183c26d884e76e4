#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "history/input_batch.h"
#include "history/recording_reader.h"
#include "history/recording_writer.h"
#include "temporary_folder.h"

namespace coldframe::history {

using test::readFile;
using test::TemporaryFolder;
using test::writeFile;

inline TimePoint at(std::int64_t milliseconds)
{
    return TimePoint(std::chrono::seconds(1'700'000'000) + std::chrono::milliseconds(milliseconds));
}

/// One of every kind of input, each field with a value of its own.
inline std::vector<engine::Input> everyKind()
{
    using namespace engine;
    const InstanceId instance{7, 0xfedc'ba98};
    const InvocationId invocation{9, 10};
    const auto ns = [](std::int64_t n) { return Duration(n); };
    return {Configured{3},
            CodeChanged{4},
            Arrived{5, Delivery::Async, 2, true, 123'456, at(1), at(2)},
            Persisted{invocation},
            Cancelled{invocation},
            InitStarted{instance},
            Ready{instance},
            InitFailed{instance, InitFailure::NotStartable},
            InstanceDied{instance, true, ns(1'000'000'000'001), ns(-1), 77},
            UsageSampled{instance, 88},
            WorkStarted{instance, invocation},
            FirstByte{instance},
            WorkFinished{instance, WorkStatus::InvalidResponse, 99, 111, ns(1), ns(2), ns(3),
                         invocation},
            DebugPaused{instance},
            DebugResumed{instance},
            DeskWaitBegan{instance},
            DeskWaitEnded{instance},
            Tick{},
            Primed{6, ns(12)},
            MessageSent{1, 222, 0xfedc'ba98'7654'3210, 0x8000'0000'0000'0001, ns(900'000'000'000),
                        333, 0x8000'0042, at(6)},
            MessageRestored{2, 444, 3, 555, 0xffff'ffff'ffff'fff0, 17, at(3), at(4), at(5), 6,
                            0x8000'0043},
            MessagesWanted{3, 8, kQueueDefault, 666},
            VisibilityChanged{{11, 12}, 4, ns(43'200'000'000'000)},
            MessageDeleted{{13, 0xffff'fffe}, 5},
            Redriven{4, 5, 777, {16, 17}},
            Purged{6},
            BatchItemFailed{invocation, {14, 15}},
            MessageJudged{{18, 19}, 0x8000'0081}};
}

/// What a warm invocation tells the engine, over and over.
inline std::vector<RecordedInput> typicalRun(std::size_t rows)
{
    using namespace engine;
    std::vector<RecordedInput> run;
    run.reserve(rows);
    for (std::uint32_t i = 0; run.size() < rows; ++i) {
        const InstanceId instance{i % 8, i % 8 + 1};
        const TimePoint now = at(0) + std::chrono::microseconds(40) * i;
        run.push_back({now, Arrived{.function = i % 3, .bytes = 200}});
        run.push_back({now + std::chrono::microseconds(5), WorkStarted{instance}});
        run.push_back(
            {now + std::chrono::microseconds(30),
             WorkFinished{.instance = instance, .responseBytes = i, .wall = Duration(25'000 + i)}});
    }
    run.resize(rows);
    return run;
}

inline RecordingHeader sampleHeader()
{
    return {.program = "0.1.0",
            .startedAt = at(0),
            .seed = 0xffff'ffff'ffff'fff1,
            .fidelity = "desk",
            .workspace = "{\n  \"name\": \"uppercase\"\n}\n",
            .platform = "{\"id\": \"aws-lambda-x86_64\"}",
            .priceBook = "{}",
            .environment = {"TABLE", "STAGE"}};
}

inline AttemptRow sampleAttempt(std::uint32_t n)
{
    AttemptRow row;
    row.acceptedAt = at(n);
    row.startedAt = at(n + 1);
    row.desk = std::chrono::milliseconds(n % 1000);
    row.invocation = n;
    row.instance = n % 8 + 1;
    row.function = n % 3;
    row.ending = static_cast<Ending>(n % 10);
    row.start = n % 100 == 0 ? StartKind::Cold : StartKind::Warm;
    row.requestId = {0x7f,
                     0x5c,
                     0x0a,
                     0x52,
                     0x6d,
                     0x0c,
                     0x4f,
                     0x0e,
                     0x8f,
                     0x0b,
                     0x0d,
                     0x3f,
                     static_cast<std::uint8_t>(n >> 24),
                     static_cast<std::uint8_t>(n >> 16),
                     static_cast<std::uint8_t>(n >> 8),
                     static_cast<std::uint8_t>(n)};
    return row;
}

template <typename T> std::string messageOf(const Result<T>& result)
{
    return result ? "no error" : describe(result.error());
}

} // namespace coldframe::history

#include "made_up_scenario.h"

namespace coldframe::ui::sample {

namespace {

std::string scenario(const char* duration, const char* rate, const char* replications)
{
    return std::string(R"({
  "format": 1,
  "name": "made up",
  "seed": 5,
  "replications": )")
        + replications + R"(,
  "durationS": )"
        + duration + R"(,
  "stepS": 60,
  "functions": {
    "orders": {
      "memoryMb": 256,
      "service": { "law": "exponential", "meanS": 0.5, "cpuShare": 0.5 },
      "coldStart": { "law": "constant", "meanS": 0.4 },
      "arrivals": { "law": "poisson", "ratePerS": )"
        + rate + R"( }
    },
    "mails": {
      "memoryMb": 128,
      "reservedConcurrency": 1,
      "service": { "law": "exponential", "meanS": 1, "cpuShare": 0.2 },
      "coldStart": { "law": "constant", "meanS": 0.2 },
      "arrivals": { "law": "poisson", "ratePerS": 0.5 }
    }
  }
}
)";
}

} // namespace

std::string smallScenario()
{
    return scenario("1800", "2", "4");
}

std::string queueScenario()
{
    return R"({
  "format": 1, "name": "made up", "seed": 5, "replications": 4, "durationS": 1800, "stepS": 60,
  "queues": {
    "parts": { "visibilityTimeoutS": 20, "maxReceives": 2, "deadLetters": "dead" },
    "dead": {}
  },
  "functions": {
    "work": {
      "memoryMb": 256,
      "queue": { "name": "parts", "reportBatchItemFailures": true, "messageFailureShare": 0.3 },
      "service": { "law": "exponential", "meanS": 0.5 },
      "arrivals": { "law": "poisson", "ratePerS": 2 }
    }
  }
}
)";
}

std::string longScenario()
{
    return scenario("100000", "40", "400");
}

std::string oneLongRun()
{
    return scenario("1000000", "40", "1");
}

study::ScenarioFile fileOf(const std::string& text)
{
    return {text, "made-up.json", COLDFRAME_SOURCE_DIR, COLDFRAME_SOURCE_DIR "/resources"};
}

study::Sweep sweepOf(const char* text)
{
    return *study::parseSweep(text);
}

ResultPtr resultOf(const std::string& text, std::vector<study::Sweep> sweeps)
{
    study::SimulationOptions options;
    options.sweeps = std::move(sweeps);
    options.threads = 1;
    auto result = study::simulate(fileOf(text), options);
    return result ? std::make_shared<const study::SimulationResult>(std::move(*result)) : nullptr;
}

} // namespace coldframe::ui::sample

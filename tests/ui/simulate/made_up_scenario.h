#pragma once

#include <QString>

#include <string>

#include "ui/simulate/simulation_job.h"

namespace coldframe::ui::sample {

/// A small scenario of one function; done in milliseconds.
std::string smallScenario();
/// A function that reads a queue, some of whose messages end as dead letters.
std::string queueScenario();
/// One that takes some seconds.
std::string longScenario();
/// One run that takes some seconds.
std::string oneLongRun();
study::ScenarioFile fileOf(const std::string& text);
study::Sweep sweepOf(const char* text);
/// Simulated at once.
ResultPtr resultOf(const std::string& text, std::vector<study::Sweep> sweeps = {});

} // namespace coldframe::ui::sample

#pragma once

#include "study/comparison.h"
#include "ui/charts/study_lines.h"

// From two runs to the lines of their charts: the replayed one solid, the recorded one dashed
// behind it. `played` false: the recorded one alone.
namespace coldframe::ui {

StudyAxis axisOf(const study::Comparison& comparison, bool played);
/// Attempts in use and instances, means of each step.
std::vector<StudyLine> concurrencyLines(const study::Comparison& comparison, bool played);
/// Percentiles of platform time; gaps where no attempt ended.
std::vector<StudyLine> latencyLines(const study::Comparison& comparison, bool played);
/// What came from outside, per second; means of spans as those of latency.
std::vector<StudyLine> arrivalLines(const study::Comparison& comparison, bool played);
/// Of first attempts, since the beginning.
std::vector<StudyLine> coldStartLines(const study::Comparison& comparison, bool played);
/// Since the beginning; none where nothing was throttled.
std::vector<StudyLine> throttleLines(const study::Comparison& comparison, bool played);
/// Dollars since the beginning.
std::vector<StudyLine> costLines(const study::Comparison& comparison, bool played);

} // namespace coldframe::ui

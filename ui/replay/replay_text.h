#pragma once

#include <QString>

#include <optional>

#include "study/comparison.h"

// The figures of two runs as people read them, in the user's locale.
namespace coldframe::ui {

/// "Cold starts", "Platform p95".
QString pairTitle(const study::FigurePair& pair);
/// "1,204", "412.3 ms", "$0.0418"; "–" where there is none.
QString pairValue(const study::FigurePair& pair, const std::optional<double>& value);
/// "+12", "−4.1 ms", "same"; empty where one of both is missing.
QString pairDifference(const study::FigurePair& pair);
/// "+12.3 %", "×10", "from 0"; empty where they are alike or one is missing.
QString pairPercent(const study::FigurePair& pair);
/// Where the replayed run's times came from, in one sentence.
QString originsText(const sim::Origins& origins);

} // namespace coldframe::ui

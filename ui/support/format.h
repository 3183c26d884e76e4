#pragma once

#include <QString>

#include <cstdint>

#include "model/money.h"
#include "model/time.h"
#include "ui/theme/theme.h"

namespace coldframe::engine {
enum class Outcome : std::uint8_t;
}

// Numbers as people read them, in the user's locale. One place, so that every pane agrees.
namespace coldframe::ui {

QString text(const std::string& utf8);
/// What happened and what to do next, as sentences of their own: "The table is gone. Make it
/// again." Core's texts have no full stop at their end, and hints begin small.
QString sentences(const std::string& message, const std::string& hint);
/// "0.31 ms", "412.8 ms", "1.24 s", "2 min 5 s".
QString durationText(Duration duration);
/// How far away something is: "in 3 h", "in 20 s", "now".
QString untilText(Duration duration);
/// How long ago something was: "just now", "12 s ago", "3 h ago"; after a week its day.
QString agoText(TimePoint at, TimePoint now);
/// Local time of day, "14:02:31".
QString clockText(TimePoint at);
/// Local day and time, "Mon 24 Nov 02:00:00".
QString dayText(TimePoint at);
/// "1.9 GB", "512 MB", "14 KB": powers of 1024.
QString bytesText(std::uint64_t bytes);
QString countText(std::uint64_t count);
/// "93 /s", "0.4 /s".
QString rateText(double perSecond);
/// "$4.23", with as many digits as small sums need.
QString dollarsText(double dollars);
/// "Succeeded", "Timed out", …
QString outcomeText(engine::Outcome outcome);
Tone outcomeTone(engine::Outcome outcome);

} // namespace coldframe::ui

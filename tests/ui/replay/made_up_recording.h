#pragma once

#include <QString>

namespace coldframe::ui::sample {

/// Writes a recording into a folder: some minutes of calls at two functions of a made-up workspace.
/// "orders" is called `calls` times, ten times a second, every tenth time five at once, and works
/// 300 ms; "mails" is called each second, works 2 s and may do so once at a time, so that two of
/// three calls are throttled. Without chance: the same calls give the same recording.
void makeRecording(const QString& folder, int calls = 600);

} // namespace coldframe::ui::sample

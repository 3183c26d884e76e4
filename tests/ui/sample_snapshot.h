#pragma once

#include <memory>

#include "session/session.h"

namespace coldframe::ui::sample {

/// A made-up but plausible moment of a workspace with six functions and five triggers.
std::shared_ptr<session::Snapshot> busySnapshot();
/// One answer that fits it: a cold start that succeeded.
session::Answer coldAnswer();

} // namespace coldframe::ui::sample

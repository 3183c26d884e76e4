#pragma once

#include <chrono>

namespace coldframe::commands {

/// Turns the first Ctrl+C (or SIGTERM, SIGHUP) into a wish to end in order; a second one ends the
/// program at once, and the reapers of its instances clean up. One at a time, on the main thread.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// Sleeps that long, or until the wish came. True: it did.
    bool wait(std::chrono::milliseconds atMost) const;
};

} // namespace coldframe::commands

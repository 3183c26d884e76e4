#pragma once

#include <array>
#include <vector>

#include "sim/script.h"
#include "sim/stream.h"

namespace coldframe::sim {

/// The recorded chains of each function, to draw from where nothing was recorded. Those that waited
/// for the desk or a debugger are used only where there are no others.
class ScriptSamples {
public:
    ScriptSamples(const Script& script, std::uint64_t seed);

    /// Draws are told apart by `luck`. Where the function has no cold ones it is a warm one, and
    /// the other way round; for a restart a start. Null: the function never did anything like it.
    const Chain* draw(Trigger what, FunctionId function, bool cold, std::uint64_t luck) const;
    /// One of those that were answered later than after `longerThan`; null when none was.
    const Chain* drawLonger(const Chain& like, std::uint64_t luck) const;

private:
    struct Sample {
        std::vector<const Chain*> chains; ///< answered or timed out, as recorded
        std::vector<const Chain*> answered; ///< of these, by time of the answer
    };
    struct Function {
        std::array<std::array<Sample, 2>, kTriggers> by; ///< Trigger, cold
        std::array<Stream, kTriggers> luck;
    };
    void sortAnswered(Sample& sample) const;
    const Sample* sampleOf(Trigger what, FunctionId function, bool cold) const;
    const Script& m_script;
    std::vector<Function> m_functions;
};

} // namespace coldframe::sim

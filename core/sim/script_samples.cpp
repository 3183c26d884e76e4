#include "sim/script_samples.h"

#include "cost/wide.h"

namespace coldframe::sim {

namespace {
constexpr std::size_t indexOf(Trigger what)
{
    return static_cast<std::size_t>(what);
}
/// Evenly, by the high bits: the remainder would favour small numbers.
std::size_t pick(std::uint64_t bits, std::size_t count)
{
    return static_cast<std::size_t>((static_cast<cost::Wide>(bits) * count) >> 64);
}
} // namespace

ScriptSamples::ScriptSamples(const Script& script, std::uint64_t seed) : m_script(script)
{
    std::size_t functions = script.names.size();
    for (const engine::Configuration& configuration : script.configurations)
        functions = std::max(functions, configuration.functions.size());
    m_functions.resize(functions);
    for (FunctionId id = 0; id < functions; ++id)
        for (std::size_t what = 0; what < kTriggers; ++what)
            m_functions[id].luck[what]
                = Stream(seed, Draw::Pick, entityOf(script.nameOf(id)) + what);

    for (const bool disturbed : {false, true})
        for (const Chain& chain : script.chains) {
            if (chain.disturbed != disturbed || !chain.whole || chain.function >= functions)
                continue;
            Sample& sample = m_functions[chain.function].by[indexOf(chain.key.what)][chain.cold];
            if (!disturbed || sample.chains.empty() || sample.chains.front()->disturbed)
                sample.chains.push_back(&chain);
        }
    for (Function& function : m_functions)
        for (auto& kind : function.by)
            for (Sample& sample : kind)
                sortAnswered(sample);
}

void ScriptSamples::sortAnswered(Sample& sample) const
{
    for (const Chain* chain : sample.chains)
        if (chain->answered())
            sample.answered.push_back(chain);
    std::ranges::stable_sort(sample.answered, {},
                             [&](const Chain* chain) { return m_script.endingAfter(*chain); });
}

const ScriptSamples::Sample* ScriptSamples::sampleOf(Trigger what, FunctionId function,
                                                     bool cold) const
{
    if (function >= m_functions.size())
        return nullptr;
    const auto& kinds = m_functions[function].by;
    std::vector<const Sample*> choices{&kinds[indexOf(what)][cold], &kinds[indexOf(what)][!cold]};
    if (what == Trigger::Restart || what == Trigger::Provision)
        choices.push_back(&kinds[indexOf(Trigger::Start)][0]);
    if (what == Trigger::Restart || what == Trigger::Start)
        choices.push_back(&kinds[indexOf(Trigger::Provision)][0]);
    for (const Sample* choice : choices)
        if (!choice->chains.empty())
            return choice;
    return nullptr;
}

const Chain* ScriptSamples::draw(Trigger what, FunctionId function, bool cold,
                                 std::uint64_t luck) const
{
    const Sample* sample = sampleOf(what, function, cold);
    if (!sample)
        return nullptr;
    const std::uint64_t bits = m_functions[function].luck[indexOf(what)].bits(luck);
    return sample->chains[pick(bits, sample->chains.size())];
}

const Chain* ScriptSamples::drawLonger(const Chain& like, std::uint64_t luck) const
{
    const Sample* sample = sampleOf(like.key.what, like.function, like.cold);
    if (!sample)
        return nullptr;
    const auto first
        = std::ranges::upper_bound(sample->answered, like.known, {}, [&](const Chain* chain) {
              return m_script.endingAfter(*chain);
          });
    const auto longer = static_cast<std::size_t>(sample->answered.end() - first);
    if (longer == 0)
        return nullptr;
    const Stream& stream = m_functions[like.function].luck[indexOf(like.key.what)];
    return *(first + static_cast<std::ptrdiff_t>(pick(stream.bits(luck), longer)));
}

} // namespace coldframe::sim

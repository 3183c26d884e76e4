#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <variant>

#include "engine/action.h"
#include "history/fields.h"

namespace coldframe::history {

/// A running 64-bit fingerprint of everything an engine asked for: two runs with the same digest
/// took the same decisions with the same numbers and deadlines. Not meant against forgery.
class ActionDigest {
public:
    ActionDigest() = default;
    /// Goes on where another digest stood: see value() and actions().
    ActionDigest(std::uint64_t value, std::uint64_t actions)
        : m_value(value), m_actions(actions) { }

    /// The actions of one step, in order. When it was stepped does not count: a timer may fire
    /// late.
    void add(std::span<const engine::Action> actions)
    {
        for (const engine::Action& action : actions) {
            mix(action.index());
            std::visit(
                [this](const auto& a) { forEachScalar(a, [this](auto f) { mix(toBits(f)); }); },
                action);
        }
        m_actions += actions.size();
    }

    std::uint64_t value() const { return m_value; }
    std::uint64_t actions() const { return m_actions; }
    bool operator==(const ActionDigest&) const = default;

private:
    /// One round of xxHash64 (Yann Collet, github.com/Cyan4973/xxHash, specification 0.1.1) with
    /// its merge constants; words go in one by one, so no order can cancel out.
    void mix(std::uint64_t word)
    {
        word *= 0xc2b2ae3d27d4eb4f;
        word = std::rotl(word, 31) * 0x9e3779b185ebca87;
        m_value = std::rotl(m_value ^ word, 27) * 0x9e3779b185ebca87 + 0x85ebca77c2b2ae63;
    }

    std::uint64_t m_value = 0;
    std::uint64_t m_actions = 0;
};

} // namespace coldframe::history

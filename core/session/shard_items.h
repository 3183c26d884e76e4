#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/shard.h"

namespace coldframe::session {

/// The texts of a shard's records from its checkpoint on, by their places, and what is made of
/// them.
class ShardItems {
public:
    using Place = engine::Shard::Place;
    struct Item {
        std::string sequence, label, json, after; ///< see ShardRecord
        TimePoint arrival{};
    };
    void push(Item item) { m_items.push_back(std::move(item)); }
    const Item& operator[](Place place) const { return m_items[place - m_begin]; }
    Place begin() const { return m_begin; }
    bool empty() const { return m_items.empty(); }
    /// It is done, though others before it may not be.
    void forgetText(Place place);
    /// The position after the last record dropped; none when there was none.
    std::optional<std::string> dropBefore(Place place);

    std::vector<std::string> sequencesOf(const engine::Shard::Order& order) const;
    /// The records as a JSON list.
    std::string listOf(const engine::Shard::Order& order) const;
    /// "3-4" or "window-1772615700", as in names of files.
    std::string nameOf(const engine::Shard::Order& order) const;
    /// "records 3 to 4", "record 3", "the end of a window"
    std::string wordsOf(const engine::Shard::Order& order) const;

private:
    std::deque<Item> m_items;
    Place m_begin = 0; ///< the first of them
};

} // namespace coldframe::session

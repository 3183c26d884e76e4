#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/json_text.h"

namespace coldframe::check {

/// One place at which two JSON texts differ.
struct JsonChange {
    enum class Kind : std::uint8_t { Added, Removed, Changed };
    std::string pointer; ///< of an added value in the second text, else in the first
    Kind kind = Kind::Changed;
    std::string before, after; ///< compact JSON; empty where there is none
    bool operator==(const JsonChange&) const = default;
};

/// What has to change to make the first text the second, as deep in it as possible.
///
/// Order: as the first text is read, what is new in an object after what was there. Of two lists,
/// equal beginnings and equal ends are left out; what is between is compared by position, so that
/// one element put in or taken out is one change. Numbers are compared by value.
/// Nothing past `limit` changes is looked for; as many as that mean that there may be more.
std::vector<JsonChange> jsonDiff(const JsonText& before, const JsonText& after,
                                 std::size_t limit = 10'000);

} // namespace coldframe::check

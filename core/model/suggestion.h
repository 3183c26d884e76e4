#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe {

/// The candidate a person most likely meant: fewest typing slips away (insert, drop, replace,
/// swap neighbours; case does not count), at most a third of its length. The first wins a tie.
std::optional<std::string> suggestFor(std::string_view typed,
                                      const std::vector<std::string>& candidates);

/// `"a"`, `"a" and "b"`, `"a", "b" and "c"`; past `limit` names "… and 7 more".
std::string listOfNames(const std::vector<std::string>& names, std::size_t limit = 8);

} // namespace coldframe

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ui/editor/event_shapes.h"

namespace coldframe::ui {

/// One thing that can be put in at the cursor.
struct Suggestion {
    std::string label; ///< "eventName"
    std::string note; ///< one line: what it is, or an example
    std::string insert; ///< replaces the bytes from `from` to `to`
    std::size_t from = 0, to = 0;
    /// What is selected afterwards, in bytes of `insert`; equal ones set the cursor there.
    std::size_t selectFrom = 0, selectTo = 0;
    bool operator==(const Suggestion&) const = default;
};

/// An object of a store, as far as an event tells of it.
struct ObjectName {
    std::string key;
    std::uint64_t bytes = 0;
};

/// Whose objects would be suggested, were they known.
struct ObjectQuery {
    std::string store;
    std::string prefix; ///< folders that are typed already, with the slash
    auto operator<=>(const ObjectQuery&) const = default;
};

/// What is known besides the text itself.
struct CompletionKnowledge {
    const EventShapes* shapes = nullptr;
    std::vector<std::string> triggerShapes; ///< of the function in front: "s3"
    std::vector<std::string> stores; ///< of the workspace, the function's own first
    std::map<ObjectQuery, std::vector<ObjectName>> objects; ///< those that were listed
    /// Keys of the function's other test events, by the shape these have; "" of plain ones.
    std::map<std::string, ShapeNode> seen;
    bool variables = true; ///< "{{now}}" and the like are filled in
};

struct Completions {
    std::vector<Suggestion> list; ///< best first, at most 200
    std::vector<ObjectQuery> wanted; ///< listing these would add to it
};

/// What may be put in at the cursor of an event, however unfinished it is.
///
/// Keys are those of the event's shape at that place: of the shape that the document shows, else of
/// those of the function's triggers, else of all that it could become; then those of the function's
/// other test events. Values are the known ones, names of the workspace, and an example. In a string
/// behind "{{" it is the three variables. What is there already is not suggested again, and what is
/// typed chooses: beginnings first, then middles.
///
/// @param cursor in bytes of the UTF-8 text.
/// @param asked somebody asked for it. Otherwise it is only what helps a string that is being
///              typed: nothing outside of strings, and no variables before their braces.
Completions completionsAt(std::string_view text, std::size_t cursor,
                          const CompletionKnowledge& knowledge, bool asked = true);

} // namespace coldframe::ui

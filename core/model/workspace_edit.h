#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/error.h"

// Changes of a workspace file's text, by what a person calls its parts. Whether the outcome is a
// good workspace is the reader's business: see workspace_file.h.
namespace coldframe {

enum class EntryKind { Function, Store, Trigger };

/// "function", "store" or "trigger".
std::string_view nameOf(EntryKind kind);
/// "/functions/NAME" and so on.
std::string entryPointer(EntryKind kind, const std::string& name);

/// What is to become of one function, store or trigger.
struct EntryChange {
    EntryKind kind = EntryKind::Function;
    std::string name; ///< as it is in the file; empty: it is added
    std::string newName; ///< when it differs, what names the entry is changed along
    struct Value {
        std::string place; ///< pointer inside the entry: "/memoryMb", "/environment/MODE"
        std::optional<std::string> json; ///< none: the place is to be empty
    };
    std::vector<Value> values; ///< in the order in which an added entry gets them
};

/// The text with this change. Errors: Duplicate for a name that is taken, Missing for an entry
/// that is not there; their pointer is that of the entry.
Result<std::string> changeEntry(const std::string& text, const EntryChange& change);

/// What names the entry: pointers of triggers, and of destinations of other functions.
std::vector<std::string> usersOf(const std::string& text, EntryKind kind, const std::string& name);

/// The text without the entry and without what names it.
Result<std::string> removeEntry(const std::string& text, EntryKind kind, const std::string& name);

} // namespace coldframe

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace coldframe {

/// What is written of an invocation: the function's result or, of one that failed, its event; or
/// the platform's record around both.
enum class Content { Payload, Record };

/// A file of a folder, or a message of a queue.
struct StoreDestination {
    std::string store;
    std::string key; ///< a template, see key_template.h; empty: named after its source
    std::optional<Content> content; ///< else results as payload, failures as record
    bool append = false; ///< a line of a JSON-lines file rather than a file of its own
    int rotateMb = 0; ///< such a file ends before it is larger (MB of 2^20 bytes); 0: never
    int rotateS = 0; ///< such a file ends once it is older; 0: never
    std::string messageGroup; ///< of a FIFO queue: a template; empty: the function's name
};
/// A column and the field it gets; see result_field.h.
struct TableColumn {
    std::string name, field;
};
/// Rows of a database's table: one, or as many as a payload that is a list has elements.
struct TableDestination {
    std::string store, table;
    std::vector<TableColumn> columns; ///< never empty
    std::vector<std::string> key; ///< names of columns; empty: rows are only ever added
    bool create = false; ///< the table, and the database, when they are missing
};
struct FunctionDestination {
    std::string function;
};
/// A server that gets the record by POST. `${env:NAME}` in url and values is not yet expanded.
struct HttpDestination {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers; ///< with the secret one
    std::string secretHeader; ///< its name; empty without one
    int timeoutMs = 5'000; ///< of one request, for all of it
    int retries = 5; ///< after the first; then it is given up
};
using Destination
    = std::variant<StoreDestination, TableDestination, FunctionDestination, HttpDestination>;

/// The store a destination is in; null of others.
const std::string* storeOf(const Destination& destination);

/// A text of a destination that may refer to variables, and the key it stands at below it.
struct DestinationText {
    std::string pointer; ///< "/http/url"
    std::string text;
};
std::vector<DestinationText> textsWithVariables(const Destination& destination);

} // namespace coldframe

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe {

/// A function that a JavaScript module exports.
struct NodeExport {
    /// How much it looks like a handler, from least to most.
    enum class Likeness : std::uint8_t {
        Function, ///< some function: a helper, as far as one sees
        TakesEvent, ///< its first parameter is an event, or its second a context
        Named, ///< it is called `handler` or `lambdaHandler`
    };
    std::string name;
    Likeness likeness = Likeness::Function;
    bool operator==(const NodeExport&) const = default;
};

/// Functions that a JavaScript source exports, in its order, each once: `exports.name =`,
/// `export const name =`, `export async function name(`, `module.exports = { name, … }`,
/// `export { name, … }`. A value counts when it is a function, a call that is given one
/// (`middy(handler)`), or the name of one that the source declares; clients, tables, numbers and
/// texts do not. Under the name of a handler any other call or name counts too, and where a source
/// exports one of that name, its other exports are left out.
std::vector<NodeExport> nodeExports(std::string_view source);

} // namespace coldframe

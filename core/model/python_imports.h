#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe {

/// A module that a Python source imports.
struct PythonImport {
    int dots = 0; ///< of a relative import: 1 for `from .model import price`
    std::string module; ///< "lib.store"; empty for `from . import model`
    bool operator==(const PythonImport&) const = default;
};

/// What a Python source imports, in its order; indented imports too.
std::vector<PythonImport> pythonImports(std::string_view source);

/// The folder from which a module finds all that it imports from the workspace, also through
/// modules of the workspace that it imports: the nearest one at or above its own, and not above
/// `workspace`. Its own where nothing of the kind is imported, or no folder would do. Reads files.
///
/// @param file       Absolute, below `workspace`.
/// @param workspace  Absolute.
std::filesystem::path pythonRoot(const std::filesystem::path& file,
                                 const std::filesystem::path& workspace);

} // namespace coldframe

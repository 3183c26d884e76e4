#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "model/error.h"

namespace coldframe::history {

/// A whole file, mapped for reading, as long as it was when it was opened.
class MappedFile {
public:
    static Result<MappedFile> open(const std::filesystem::path& file);
    MappedFile() = default;
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    std::span<const std::byte> bytes() const { return {m_data, m_size}; }

private:
    const std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

/// "cannot open X: No such file or directory", for the errno of a failed call.
Error systemError(const std::filesystem::path& file, const char* verb, int number);

} // namespace coldframe::history

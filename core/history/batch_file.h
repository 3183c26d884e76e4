#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/mapped_file.h"
#include "model/error.h"

// The container of a recording's *.cfr files: batches one after the other, each with its length and
// checksum, so that whatever ended the writer, every whole batch before that can be read.
namespace coldframe::history {

inline constexpr std::uint32_t kBatchMagic = 0x42524643; // "CFRB"
inline constexpr std::uint16_t kBatchVersion = 1;

enum class BatchKind : std::uint16_t { Inputs = 1, Attempts = 2, Checkpoint = 3 };

/// As it lies in the file, little-endian, without padding.
struct BatchHeader {
    std::uint32_t magic = kBatchMagic;
    std::uint16_t version = kBatchVersion;
    BatchKind kind = BatchKind::Inputs;
    std::uint64_t firstRow = 0; ///< number of the batch's first row in the recording
    std::uint32_t rows = 0;
    std::uint32_t bytes = 0; ///< after this header
    std::uint32_t reserved = 0;
    std::uint32_t crc = 0; ///< CRC-32 (zlib) of the header before this field, then of the bytes
};
static_assert(sizeof(BatchHeader) == 32);

/// Appends to a file. After a failed write the file ends with its last whole piece.
class AppendFile {
public:
    static Result<AppendFile> create(const std::filesystem::path& file);
    AppendFile() = default;
    AppendFile(AppendFile&& other) noexcept;
    AppendFile& operator=(AppendFile&& other) noexcept;
    ~AppendFile();

    Result<void> append(std::span<const std::byte> piece);
    /// A batch: fills in length and checksum.
    Result<void> append(BatchHeader header, std::span<const std::byte> bytes);
    std::uint64_t size() const { return m_size; }
    /// Until it is closed, also by the end of the process, others see that the file is in use.
    void holdLock();

private:
    int write(std::span<const std::byte> bytes);

    std::filesystem::path m_file;
    int m_fd = -1;
    std::uint64_t m_size = 0;
};

/// Whether another AppendFile, here or in another process, holds the file's lock.
bool isLocked(const std::filesystem::path& file);

struct Batch {
    BatchHeader header;
    std::span<const std::byte> bytes;
};

/// All whole batches of one kind of file.
class BatchFile {
public:
    /// A tail that is torn, damaged or out of sequence is left out and said in warning(). Errors:
    /// no such file, written by a newer version.
    static Result<BatchFile> open(const std::filesystem::path& file, BatchKind kind);

    const std::vector<Batch>& batches() const { return m_batches; }
    std::uint64_t rows() const;
    const std::optional<Error>& warning() const { return m_warning; }

private:
    MappedFile m_file;
    std::vector<Batch> m_batches;
    std::optional<Error> m_warning;
};

} // namespace coldframe::history

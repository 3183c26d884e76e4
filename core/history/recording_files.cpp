#include "history/recording_files.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <span>

namespace coldframe::history {

namespace {

std::span<const std::byte> bytesOf(const std::string& text)
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// Moves the contents over; cheap when there is nothing on the other side.
template <typename T> void moveTo(std::vector<T>& to, std::vector<T>& from)
{
    if (to.empty())
        std::swap(to, from);
    else
        to.insert(to.end(), from.begin(), from.end());
    from.clear();
}

/// Writes the rows in batches of kRowsPerBatch, the last and smaller one only if `all`.
template <typename T, typename Write>
Result<void> inBatches(std::vector<T>& rows, bool all, Write write)
{
    std::size_t done = 0;
    while (rows.size() - done >= (all ? 1 : kRowsPerBatch)) {
        const std::size_t count = std::min(rows.size() - done, kRowsPerBatch);
        if (const Result<void> result = write(std::span<const T>(rows).subspan(done, count));
            !result)
            return result;
        done += count;
    }
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(done));
    return {};
}

} // namespace

void Waiting::clear()
{
    inputs.clear();
    attempts.clear();
    blobs.clear();
    configurations.clear();
    checkpoints.clear();
    bytes = 0;
}

Result<RecordingFiles> RecordingFiles::create(const std::filesystem::path& folder,
                                              const RecordingHeader& header)
{
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code)
        return tl::unexpected(systemError(folder, "create", code.value()));
    if (std::filesystem::exists(folder / kHeaderFile, code))
        return tl::unexpected(Error{Error::Code::Duplicate,
                                    "already holds a recording",
                                    "choose another folder",
                                    folder.string(),
                                    {}});
    RecordingFiles files;
    const std::pair<AppendFile*, const char*> all[]
        = {{&files.m_configurations, kConfigurationsFile},
           {&files.m_inputs, kInputsFile},
           {&files.m_attempts, kAttemptsFile},
           {&files.m_checkpoints, kCheckpointsFile},
           {&files.m_blobs, kBlobsFile},
           {&files.m_header, kHeaderFile}}; // the header seals it
    for (const auto& [file, name] : all) {
        Result<AppendFile> created = AppendFile::create(folder / name);
        if (!created)
            return tl::unexpected(created.error());
        *file = std::move(*created);
    }
    files.m_header.holdLock(); // tells pruneRecordings() that it is in use
    if (const Result<void> written = files.m_header.append(bytesOf(toJson(header))); !written)
        return tl::unexpected(written.error());
    return files;
}

Result<void> RecordingFiles::write(Waiting& waiting, bool all)
{
    Result<void> result;
    for (const std::string& line : waiting.configurations) {
        if (result)
            result = m_configurations.append(bytesOf(line));
    }
    for (const std::string& piece : waiting.blobs) {
        if (result)
            result = m_blobs.append(bytesOf(piece));
    }
    moveTo(m_inputRows, waiting.inputs);
    moveTo(m_attemptRows, waiting.attempts);
    if (result)
        result = writeInputs(all);
    if (result)
        result = writeAttempts(all);
    std::ranges::move(waiting.checkpoints, std::back_inserter(m_checkpointsHeld));
    if (result)
        result = writeCheckpoints();
    waiting.clear();
    return result;
}

/// Those whose rows are written: before that they are of no use.
Result<void> RecordingFiles::writeCheckpoints()
{
    while (!m_checkpointsHeld.empty() && m_checkpointsHeld.front().row <= m_inputsWritten) {
        const Waiting::Checkpoint& checkpoint = m_checkpointsHeld.front();
        m_buffer.resize(sizeof(CheckpointHead) + checkpoint.state.size());
        std::memcpy(m_buffer.data(), &checkpoint.head, sizeof(CheckpointHead));
        std::ranges::copy(checkpoint.state, m_buffer.begin() + sizeof(CheckpointHead));
        const BatchHeader header{.kind = BatchKind::Checkpoint, .firstRow = checkpoint.row};
        if (const Result<void> result = m_checkpoints.append(header, m_buffer); !result)
            return result;
        m_checkpointsHeld.pop_front();
    }
    return {};
}

Result<void> RecordingFiles::writeInputs(bool all)
{
    return inBatches(m_inputRows, all, [this](std::span<const RecordedInput> rows) {
        m_buffer.clear();
        encodeInputs(rows, m_buffer);
        const BatchHeader header{.kind = BatchKind::Inputs,
                                 .firstRow = m_inputsWritten,
                                 .rows = static_cast<std::uint32_t>(rows.size())};
        m_inputsWritten += rows.size();
        return m_inputs.append(header, m_buffer);
    });
}

Result<void> RecordingFiles::writeAttempts(bool all)
{
    return inBatches(m_attemptRows, all, [this](std::span<const AttemptRow> rows) {
        const BatchHeader header{.kind = BatchKind::Attempts,
                                 .firstRow = m_attemptsWritten,
                                 .rows = static_cast<std::uint32_t>(rows.size())};
        m_attemptsWritten += rows.size();
        return m_attempts.append(header, std::as_bytes(rows));
    });
}

std::uint64_t RecordingFiles::bytes() const
{
    return m_header.size() + m_configurations.size() + m_inputs.size() + m_attempts.size()
        + m_checkpoints.size() + m_blobs.size();
}

} // namespace coldframe::history

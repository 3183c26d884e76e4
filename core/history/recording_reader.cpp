#include "history/recording_reader.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "history/configuration_json.h"
#include "history/recording_files.h"

namespace coldframe::history {

InputCursor::InputCursor(std::span<const Batch> batches, std::uint64_t from) : m_rest(batches)
{
    while (!m_rest.empty() && m_rest.front().header.firstRow + m_rest.front().header.rows <= from)
        m_rest = m_rest.subspan(1);
    if (m_rest.empty() || from <= m_rest.front().header.firstRow)
        return;
    for (std::uint64_t skip = from - m_rest.front().header.firstRow; skip > 0 && next(); --skip) { }
}

std::optional<RecordedInput> InputCursor::next()
{
    while (!m_decoder || m_decoder->left() == 0) {
        if (m_rest.empty())
            return {};
        m_decoder = InputDecoder::open(m_rest.front().bytes, m_rest.front().header.rows);
        m_rest = m_rest.subspan(1);
        if (!m_decoder) {
            m_damaged = true;
            m_rest = {};
            return {};
        }
    }
    return m_decoder->next();
}

Result<RecordingReader> RecordingReader::open(const std::filesystem::path& folder)
{
    RecordingReader reader;
    reader.m_folder = folder;
    Result<RecordingHeader> header = readHeader(folder);
    if (!header)
        return tl::unexpected(header.error());
    reader.m_header = std::move(*header);

    struct File {
        BatchFile& file;
        const char* name;
        BatchKind kind;
    };
    for (const File& each : {File{reader.m_checkpointFile, kCheckpointsFile, BatchKind::Checkpoint},
                             File{reader.m_inputs, kInputsFile, BatchKind::Inputs},
                             File{reader.m_attempts, kAttemptsFile, BatchKind::Attempts}}) {
        Result<BatchFile> opened = BatchFile::open(folder / each.name, each.kind);
        if (!opened)
            return tl::unexpected(opened.error());
        if (opened->warning())
            reader.m_warnings.push_back(*opened->warning());
        each.file = std::move(*opened);
    }
    Result<MappedFile> blobs = MappedFile::open(folder / kBlobsFile);
    if (!blobs)
        return tl::unexpected(blobs.error());
    reader.m_blobs = std::move(*blobs);
    if (const Result<void> read = reader.readConfigurations(folder); !read)
        return tl::unexpected(read.error());
    reader.readCheckpoints();
    return reader;
}

Result<void> RecordingReader::readConfigurations(const std::filesystem::path& folder)
{
    const Result<MappedFile> file = MappedFile::open(folder / kConfigurationsFile);
    if (!file)
        return tl::unexpected(file.error());
    const std::span<const std::byte> bytes = file->bytes();
    std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) // torn: no input that was written refers to it
            break;
        Result<engine::Configuration> configuration = configurationFromJson(rest.substr(0, end));
        if (!configuration) {
            Error error = configuration.error();
            error.file = (folder / kConfigurationsFile).string();
            error.line = static_cast<int>(m_configurations.size()) + 1;
            return tl::unexpected(std::move(error));
        }
        m_configurations.push_back(std::move(*configuration));
        rest.remove_prefix(end + 1);
    }
    return {};
}

void RecordingReader::readCheckpoints()
{
    for (const Batch& batch : m_checkpointFile.batches()) {
        CheckpointHead head;
        if (batch.bytes.size() < sizeof head || batch.header.firstRow > m_inputs.rows())
            continue; // the rows before it were lost with a torn tail
        std::memcpy(&head, batch.bytes.data(), sizeof head);
        m_checkpoints.push_back({.row = batch.header.firstRow,
                                 .at = TimePoint(Duration(head.at)),
                                 .digest = ActionDigest(head.digest, head.actions),
                                 .isEnd = head.isEnd != 0,
                                 .state = batch.bytes.subspan(sizeof head)});
    }
}

bool RecordingReader::closedInOrder() const
{
    return !m_checkpoints.empty() && m_checkpoints.back().isEnd
        && m_checkpoints.back().row == m_inputs.rows();
}

Result<InputCursor> RecordingReader::inputs(std::uint64_t from) const
{
    if (m_header.inputLayout != inputLayout())
        return tl::unexpected(
            Error{Error::Code::OutOfRange,
                  fmt::format("was recorded by Coldframe {}, whose engine takes other inputs",
                              m_header.program),
                  "replay it with that version; its attempts, results and logs can be read here",
                  (m_folder / kInputsFile).string(),
                  {}});
    return InputCursor(m_inputs.batches(), from);
}

void RecordingReader::readAttempts(AttemptLog& log) const
{
    for (const Batch& batch : m_attempts.batches()) {
        // Rows only ever grow at their end, so the front part of any row can be read.
        const std::size_t stride = batch.bytes.size() / std::max(batch.header.rows, 1U);
        if (stride < kFirstRowBytes)
            continue;
        for (std::size_t at = 0; at + stride <= batch.bytes.size(); at += stride) {
            AttemptRow row;
            std::memcpy(&row, batch.bytes.data() + at, std::min(stride, sizeof row));
            log.append(row);
        }
    }
}

Result<std::string> RecordingReader::blob(BlobRef ref) const
{
    const std::span<const std::byte> all = m_blobs.bytes();
    if (ref.length == 0)
        return std::string();
    if (ref.offset() > all.size() || all.size() - ref.offset() < ref.length)
        return tl::unexpected(
            Error{Error::Code::Missing,
                  fmt::format("ends before byte {} of a recorded body", ref.offset() + ref.length),
                  "the recording was interrupted before it was written",
                  (m_folder / kBlobsFile).string(),
                  {}});
    return std::string(reinterpret_cast<const char*>(all.data()) + ref.offset(), ref.length);
}

} // namespace coldframe::history

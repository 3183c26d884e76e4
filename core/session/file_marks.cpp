#include "session/file_marks.h"

#include <charconv>

#include <fmt/format.h>

namespace coldframe::session {

namespace {

constexpr std::string_view kMountedWord = "mounted ", kPlainWord = "folder ";

std::optional<sources::Fingerprint> readFingerprint(std::string_view text)
{
    sources::Fingerprint fingerprint;
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto number = [&](auto& value) {
        const auto [next, problem] = std::from_chars(at, end, value);
        at = next < end && *next == ' ' ? next + 1 : next;
        return problem == std::errc();
    };
    if (!number(fingerprint.inode) || !number(fingerprint.mtimeNs) || !number(fingerprint.size))
        return std::nullopt;
    return fingerprint;
}

} // namespace

FileMarks::FileMarks(const std::string& trigger, const FileTrigger& file,
                     const std::filesystem::path& folder)
    : m_source("files " + trigger)
{
    for (const std::string& part : {folder.string(), file.prefix, file.suffix, file.glob})
        m_wanted += part + '\0';
    m_wanted += file.recursive ? "recursive" : "flat";
}

std::optional<sources::FolderWatcher::Before>
FileMarks::read(const std::vector<SourceMark>& marks) const
{
    if (marks.empty() || !marks.front().key.empty()) // in order of key
        return std::nullopt;
    const std::string& begun = marks.front().value;
    sources::FolderWatcher::Before before;
    before.mounted = begun.starts_with(kMountedWord);
    if (begun.substr(begun.find(' ') + 1) != m_wanted)
        return std::nullopt;
    for (std::size_t i = 1; i < marks.size(); ++i)
        if (const auto fingerprint = readFingerprint(marks[i].value))
            before.files.emplace_hint(before.files.end(), marks[i].key, *fingerprint);
    return before;
}

SourceMark FileMarks::begin(bool mounted) const
{
    return {m_source, {}, std::string(mounted ? kMountedWord : kPlainWord) + m_wanted};
}

SourceMark FileMarks::of(const sources::FileChange& change) const
{
    if (change.kind == sources::FileChange::Kind::Removed)
        return without(change.key);
    return {m_source, change.key,
            fmt::format("{} {} {}", change.inode, change.mtimeNs, change.size)};
}

} // namespace coldframe::session

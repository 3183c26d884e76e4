#include "history/recording_header.h"

#include <utility>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/input.h"
#include "history/fields.h"
#include "history/mapped_file.h"

namespace coldframe::history {

namespace {

using nlohmann::json;

template <std::size_t... Kind> constexpr std::uint64_t layoutOf(std::index_sequence<Kind...>)
{
    std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a over the width of every field of every kind
    const auto mix = [&hash](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3; };
    const auto mixKind = [&]<typename T>(T item) {
        forEachScalar(item, [&](const auto& field) { mix(sizeof(toBits(field))); });
        mix(0xff);
    };
    (mixKind(std::variant_alternative_t<Kind, engine::Input>{}), ...);
    return hash;
}

Error problem(const std::filesystem::path& file, Error::Code code, std::string message,
              std::string hint)
{
    return {code, std::move(message), std::move(hint), file.string(), {}};
}

RecordingHeader fromJson(const json& object)
{
    RecordingHeader header;
    object.at("program").get_to(header.program);
    header.startedAt = TimePoint(Duration(object.at("startedAt").get<std::int64_t>()));
    object.at("seed").get_to(header.seed);
    object.at("fidelity").get_to(header.fidelity);
    object.at("workspace").get_to(header.workspace);
    object.at("platform").get_to(header.platform);
    object.at("priceBook").get_to(header.priceBook);
    object.at("environment").get_to(header.environment);
    object.at("inputLayout").get_to(header.inputLayout);
    return header;
}

} // namespace

std::uint64_t inputLayout()
{
    static constexpr std::uint64_t kLayout
        = layoutOf(std::make_index_sequence<std::variant_size_v<engine::Input>>());
    return kLayout;
}

std::string toJson(const RecordingHeader& header)
{
    json object{{"format", kRecordingFormat},
                {"program", header.program},
                {"startedAt", header.startedAt.time_since_epoch().count()},
                {"seed", header.seed},
                {"fidelity", header.fidelity},
                {"workspace", header.workspace},
                {"platform", header.platform},
                {"priceBook", header.priceBook},
                {"environment", header.environment},
                {"inputLayout", header.inputLayout}};
    return object.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

Result<RecordingHeader> readHeader(const std::filesystem::path& folder)
{
    const std::filesystem::path file = folder / kHeaderFile;
    const Result<MappedFile> mapped = MappedFile::open(file);
    if (!mapped) {
        Error error = mapped.error();
        if (error.code == Error::Code::Missing)
            error.hint = "choose a folder that holds a recording";
        return tl::unexpected(std::move(error));
    }
    const auto* text = reinterpret_cast<const char*>(mapped->bytes().data());
    try {
        const json object = json::parse(text, text + mapped->bytes().size());
        const int format = object.at("format").get<int>();
        if (format > kRecordingFormat)
            return tl::unexpected(problem(
                file, Error::Code::OutOfRange,
                fmt::format("was written by a newer Coldframe (format {}, this one knows {})",
                            format, kRecordingFormat),
                "open the recording with that version"));
        return fromJson(object);
    } catch (const json::exception& what) {
        return tl::unexpected(problem(file, Error::Code::Malformed,
                                      std::string("is no header of a recording: ") + what.what(),
                                      "choose another recording"));
    }
}

} // namespace coldframe::history

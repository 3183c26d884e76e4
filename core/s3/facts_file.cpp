#include "s3/facts_file.h"

#include <fstream>

#include <nlohmann/json.hpp>

namespace coldframe::s3 {

namespace {

using nlohmann::json;

constexpr int kFormat = 1;

json toJson(const Pairs& pairs)
{
    json object = json::array();
    for (const auto& [name, value] : pairs)
        object.push_back({name, value});
    return object;
}

Pairs pairsOf(const json& object)
{
    Pairs pairs;
    for (const json& pair : object)
        pairs.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
    return pairs;
}

} // namespace

void writeFacts(const std::filesystem::path& file, const stores::ObjectStamp& stamp,
                const ObjectFacts& facts)
{
    json object{{"format", kFormat},
                {"bytes", stamp.bytes},
                {"modified", stamp.modified.time_since_epoch().count()},
                {"inode", stamp.inode},
                {"etag", facts.etag},
                {"contentType", facts.contentType},
                {"headers", toJson(facts.headers)},
                {"metadata", toJson(facts.metadata)}};
    if (facts.checksum) {
        object["checksum"] = facts.checksum->value;
        object["checksumKind"] = nameOf(facts.checksum->kind);
    }
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        << object.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<ObjectFacts> readFacts(const std::filesystem::path& file,
                                     const stores::ObjectStamp& stamp)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return std::nullopt;
    try {
        const json object = json::parse(in);
        if (object.at("format") != kFormat || object.at("bytes") != stamp.bytes
            || object.at("modified") != stamp.modified.time_since_epoch().count()
            || object.at("inode") != stamp.inode)
            return std::nullopt;
        ObjectFacts facts;
        object.at("etag").get_to(facts.etag);
        object.at("contentType").get_to(facts.contentType);
        facts.headers = pairsOf(object.at("headers"));
        facts.metadata = pairsOf(object.at("metadata"));
        if (const auto kind = checksumKind(object.value("checksumKind", std::string())))
            facts.checksum = Checksum{*kind, object.at("checksum").get<std::string>()};
        return facts;
    } catch (const json::exception&) {
        return std::nullopt; // cut short by a crash
    }
}

} // namespace coldframe::s3

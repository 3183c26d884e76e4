#include "model/bucket_mention.h"

#include <algorithm>
#include <array>
#include <regex>

#include "model/source_lines.h"

namespace coldframe {

namespace {

using How = BucketMention::How;
constexpr auto kMentionSyntax = std::regex::ECMAScript | std::regex::icase | std::regex::optimize;

bool namesBucket(const std::string& variable)
{
    static const std::regex bucket("bucket", kMentionSyntax);
    return std::regex_search(variable, bucket);
}

/// Names and calls that go with reading.
bool soundsLikeSource(const std::string& text)
{
    static const std::regex source(
        R"((?:^|[^a-z])(?:src|source|input|in|upload|incoming)_?bucket|get_?object|download)",
        kMentionSyntax);
    return std::regex_search(text, source);
}

std::string lineOf(std::string_view rest)
{
    return std::string(rest.substr(0, std::min<std::size_t>(rest.find('\n'), 400)));
}

/// One way to write a bucket down; group 1 of the expression is `text` of the mention.
struct Form {
    How how;
    std::regex pattern;
};

const std::array<Form, 9>& forms()
{
    static const std::array<Form, 9> all{{
        {How::Suffix,
         std::regex(R"((?:\b\w*bucket\w*|name['"]\]|\.name)\s*\+\s*['"`]([-_][a-z0-9_-]+)['"`])",
                    kMentionSyntax)},
        {How::Suffix,
         std::regex(R"(\{\s*\w*bucket\w*\s*\}([-_][a-z0-9_-]+)['"`])", kMentionSyntax)},
        {How::Suffix,
         std::regex(R"(['"](?:\{\}|%s)([-_][a-z0-9_-]+)['"]\s*(?:\.format\(|%)\s*\(?\w*bucket)",
                    kMentionSyntax)},
        {How::Prefix,
         std::regex(R"(['"`]([a-z0-9][a-z0-9_-]*-)['"`]\s*\+\s*\w*bucket)", kMentionSyntax)},
        {How::Prefix,
         std::regex(R"(['"`]([a-z0-9][a-z0-9_-]*-)\$?\{\s*\w*bucket\w*\s*\}['"`])",
                    kMentionSyntax)},
        {How::Literal,
         std::regex(R"(\bBucket\s*[=:]\s*['"`]([a-z0-9][a-z0-9._-]{2,62})['"`])", kMentionSyntax)},
        {How::Literal,
         std::regex(
             R"(\.(?:Bucket|Object|download_file|download_fileobj)\(\s*['"]([a-z0-9][a-z0-9._-]{2,62})['"])",
             kMentionSyntax)},
        {How::Literal,
         std::regex(R"(\b\w*bucket\w*\s*=\s*['"`]([a-z0-9][a-z0-9._-]{2,62})['"`])",
                    kMentionSyntax)},
        {How::Literal,
         std::regex(R"(\.upload_file(?:obj)?\([^,]{1,80},\s*['"]([a-z0-9][a-z0-9._-]{2,62})['"])",
                    kMentionSyntax)},
    }};
    return all;
}

/// environ["X"], environ.get("X"), getenv("X"), process.env.X, process.env["X"]; group 3 or 4 is
/// the name, 1 and 2 say that a missing one is no error, 5 that there is an alternative.
const std::regex& variable()
{
    static const std::regex pattern(
        R"((?:(?:\benviron\s*(?:\[|(\.get)\s*\()|\b(getenv)\s*\(|\bprocess\.env\s*\[)\s*['"](\w+)['"]\s*[\])]?|\bprocess\.env\.(\w+))(\s*(?:\|\||\?\?))?)");
    return pattern;
}

/// const { A, B: renamed, C = "alternative" } = process.env; the names in group 1.
const std::regex& takenOut()
{
    static const std::regex pattern(R"(\{([^{}]+)\}\s*=\s*process\.env\b)");
    return pattern;
}

struct VariableUse {
    std::string name;
    bool needed = true;
};

VariableUse useOf(const std::cmatch& match)
{
    const bool optional = match[1].matched || match[2].matched || match[5].matched;
    return {match[3].matched ? match[3].str() : match[4].str(), !optional};
}

/// Calls `use` with every variable that a source takes from its environment, and its place.
template <typename Use> void eachVariable(std::string_view source, Use use)
{
    everyMatch(source, variable(),
               [&](const std::cmatch& match) { use(useOf(match), match[0].first); });
    static const std::regex name(R"((?:^|,)\s*(\w+)\s*(?::\s*\w+\s*)?(=)?)");
    everyMatch(source, takenOut(), [&](const std::cmatch& match) {
        const char* end = match[1].second;
        std::cmatch one;
        const char* at = match[1].first;
        auto begins = std::regex_constants::match_default; // ^ is the beginning of the list alone
        for (; std::regex_search(at, end, one, name, begins); at = one[0].second) {
            begins = std::regex_constants::match_not_bol;
            use(VariableUse{one[1].str(), !one[2].matched}, match[1].first);
        }
    });
}

bool isOfPlatform(const std::string& name)
{
    constexpr std::array<std::string_view, 7> plain{"PATH",   "HOME",     "TZ",      "LANG",
                                                    "TMPDIR", "_HANDLER", "NODE_ENV"};
    return name.starts_with("AWS_") || name.starts_with("LAMBDA_") || name.starts_with("COLDFRAME")
        || std::ranges::find(plain, name) != plain.end();
}

} // namespace

std::vector<BucketMention> bucketMentions(std::string_view source)
{
    std::vector<std::pair<const char*, BucketMention>> found; // with their places
    const auto add = [&](const char* place, BucketMention mention) {
        const auto same = [&](const auto& other) {
            return other.second.how == mention.how && other.second.text == mention.text;
        };
        const auto known = std::ranges::find_if(found, same);
        if (known == found.end())
            found.emplace_back(place, std::move(mention));
        else
            known->second.isSource = known->second.isSource || mention.isSource;
    };
    for (const Form& form : forms())
        eachMatch(source, form.pattern, [&](const std::cmatch& match, std::string_view rest) {
            const bool isRead = form.how == How::Literal && soundsLikeSource(lineOf(rest));
            add(match[1].first, {form.how, match[1].str(), isRead});
        });
    eachVariable(source, [&](const VariableUse& use, const char* place) {
        if (namesBucket(use.name))
            add(place, {How::Variable, use.name, soundsLikeSource(use.name)});
    });
    std::ranges::stable_sort(found, {}, &std::pair<const char*, BucketMention>::first);
    std::vector<BucketMention> mentions;
    for (auto& [place, mention] : found)
        mentions.push_back(std::move(mention));
    return mentions;
}

std::vector<std::string> neededVariables(std::string_view source)
{
    std::vector<std::string> names;
    eachVariable(source, [&](const VariableUse& use, const char*) {
        if (use.needed && !namesBucket(use.name) && !isOfPlatform(use.name)
            && std::ranges::find(names, use.name) == names.end())
            names.push_back(use.name);
    });
    return names;
}

} // namespace coldframe

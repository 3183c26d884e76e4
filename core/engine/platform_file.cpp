#include "engine/platform_file.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/platform_keys.h"
#include "engine/platform_value.h"
#include "model/json_reader.h"
#include "model/suggestion.h"

namespace coldframe::engine {
namespace {

using namespace detail;

constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr std::string_view kHead[]
    = {"$schema", "format", "id", "title", "priceBook", "region", "architecture", "note"};
const Key* findKey(std::string_view pointer)
{
    const std::span<const Key> table = platformKeyTable();
    const auto key = std::ranges::find(table, pointer, &Key::pointer);
    return key == table.end() ? nullptr : &*key;
}

bool isSection(const std::string& pointer)
{
    return std::ranges::any_of(platformKeyTable(), [start = pointer + '/'](const Key& key) {
        return key.pointer.starts_with(start);
    });
}

/// The keys that may stand in a section.
std::vector<std::string> keysIn(const std::string& pointer)
{
    std::vector<std::string> keys;
    if (pointer.empty())
        keys.assign(std::begin(kHead), std::end(kHead));
    for (const Key& key : platformKeyTable()) {
        if (!key.pointer.starts_with(pointer + '/'))
            continue;
        const std::string_view rest = key.pointer.substr(pointer.size() + 1);
        const std::string name(rest.substr(0, rest.find('/')));
        if (std::ranges::find(keys, name) == keys.end())
            keys.push_back(name);
    }
    return keys;
}

/// "2026", "2026-07" or "2026-07-12".
bool isDate(std::string_view text)
{
    constexpr std::string_view kShape = "0000-00-00";
    if (text.size() != 4 && text.size() != 7 && text.size() != 10)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (kShape[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    }
    return true;
}

/// A limit that a file leaves out is unlimited; see readPlatform().
Draft emptyDraft()
{
    constexpr std::uint32_t kNone = static_cast<std::uint32_t>(kUnlimited);
    Draft draft;
    Platform& p = draft.platform;
    p.scaling = {.tick = {},
                 .window = {},
                 .target = kNone,
                 .targetUse = kWhole,
                 .panicWindow = {},
                 .burstCapacity = 0,
                 .toZeroGrace = {},
                 .retires = false};
    p.accountConcurrency = kNone;
    p.unreservedMinimum = 0;
    p.mbPerVcpu = 0;
    p.maxSyncBytes = p.maxAsyncBytes = p.maxResponseBytes = p.maxStreamBytes = kNone;
    return draft;
}

Error placed(const JsonText& text, Error error)
{
    return errorAt(text, error.pointer, false, error.code, std::move(error.message),
                   std::move(error.hint));
}

/// Walks a platform file and fills a Draft. The first thing wrong ends the walk.
class Reader {
public:
    explicit Reader(const JsonText& text) : m_text(text), m_draft(emptyDraft()) { }

    Result<Draft> read()
    {
        if (!readHead(m_text.root()) || !walk(m_text.root(), "") || !checkRequired())
            return tl::unexpected(m_error);
        if (auto broken = brokenRule(m_draft, !m_notYet))
            return tl::unexpected(placed(m_text, std::move(*broken)));
        if (m_notBilled && !m_draft.platform.priceBook.empty() && !m_notYet)
            m_notYet = m_notBilled;
        if (m_notYet) // told last, so that everything else about the file is right
            return tl::unexpected(*m_notYet);
        if (m_notBilled)
            m_draft.platform.attemptsBilled = false;
        return m_draft;
    }

private:
    bool fail(Error error);
    bool fail(Error::Code code, const std::string& pointer, std::string message,
              std::string hint = {});
    bool failValue(const std::string& pointer, std::string_view wanted, const JsonValue& got);
    bool failUnknown(const std::string& pointer, const std::string& key,
                     const std::vector<std::string>& known);
    bool readHead(const JsonValue& root);
    bool readHeadText(const JsonMember& member);
    bool walk(const JsonValue& object, const std::string& pointer);
    bool readFigure(const Key& key, const JsonValue& object);
    bool readProvenance(const JsonValue& object, Figure& figure);
    void noteIfNotRunnable(const Key& key, const JsonValue& value);
    bool checkRequired();

    const JsonText& m_text;
    Draft m_draft;
    Error m_error;
    std::optional<Error> m_notYet; ///< the first rule this version cannot run
    /// The first one it cannot bill by: then nothing is priced, which is not the same as free.
    std::optional<Error> m_notBilled;
};

/// The error with its place in the file.
bool Reader::fail(Error error)
{
    m_error = placed(m_text, std::move(error));
    return false;
}

bool Reader::fail(Error::Code code, const std::string& pointer, std::string message,
                  std::string hint)
{
    return fail({code, std::move(message), std::move(hint), {}, pointer, 0, 0});
}

bool Reader::failValue(const std::string& pointer, std::string_view wanted, const JsonValue& got)
{
    return fail(wrongValue(pointer, wanted, got));
}

bool Reader::failUnknown(const std::string& pointer, const std::string& key,
                         const std::vector<std::string>& known)
{
    const std::optional<std::string> meant = suggestFor(key, known);
    m_error = errorAt(m_text, childPointer(pointer, key), true, Error::Code::UnknownKey,
                      fmt::format("unknown key \"{}\"", key),
                      meant ? fmt::format("did you mean \"{}\"?", *meant)
                            : "docs/PLATFORMS.md lists the keys; correct or remove it");
    return false;
}

bool Reader::readHead(const JsonValue& root)
{
    if (!root.isObject())
        return failValue("", "an object", root);
    const std::optional<JsonValue> format = root.find("format");
    if (!format)
        return fail(Error::Code::Missing, "", "\"format\" is missing", "add \"format\": 1");
    if (format->kind() != JsonValue::Kind::Number || format->integer() != 1)
        return fail(Error::Code::Malformed, "/format",
                    fmt::format("this version reads format 1, got {}", format->compact()),
                    "a newer Coldframe may read it");
    for (const JsonMember& member : root.members()) {
        if (!readHeadText(member))
            return false;
    }
    for (const char* needed : {"id", "title"}) {
        if (!root.find(needed))
            return fail(Error::Code::Missing, "", fmt::format("\"{}\" is missing", needed));
    }
    return true;
}

bool Reader::readHeadText(const JsonMember& member)
{
    Platform& platform = m_draft.platform;
    const std::pair<std::string_view, std::string*> texts[]
        = {{"id", &platform.id},
           {"title", &platform.title},
           {"priceBook", &platform.priceBook},
           {"region", &platform.region},
           {"architecture", &m_draft.details.architecture}};
    for (const auto& [key, text] : texts) {
        if (member.key != key)
            continue;
        if (!member.value.isString() || member.value.string().empty())
            return failValue(childPointer("", key), "a text that is not empty", member.value);
        *text = member.value.string();
    }
    return true;
}

bool Reader::walk(const JsonValue& object, const std::string& pointer)
{
    if (!object.isObject())
        return failValue(pointer, "an object", object);
    for (const JsonMember& member : object.members()) {
        const std::string at = childPointer(pointer, member.key);
        if (const Key* key = findKey(at)) {
            if (!readFigure(*key, member.value))
                return false;
        } else if (isSection(at)) {
            if (!walk(member.value, at))
                return false;
        } else if (!pointer.empty() || std::ranges::find(kHead, member.key) == std::end(kHead)) {
            return failUnknown(pointer, member.key, keysIn(pointer));
        }
    }
    return true;
}

bool Reader::readFigure(const Key& key, const JsonValue& object)
{
    constexpr std::string_view kMembers[] = {"value", "unit", "source", "asOf", "origin", "note"};
    const std::string at(key.pointer);
    if (!object.isObject())
        return failValue(at, "an object with \"value\", \"unit\", \"source\" and \"asOf\"", object);
    Figure figure{at, {}, {}, {}, {}, Origin::Documented, {}};
    for (const JsonMember& member : object.members()) {
        if (std::ranges::find(kMembers, member.key) == std::end(kMembers))
            return failUnknown(at, member.key, {std::begin(kMembers), std::end(kMembers)});
        if (member.key != "value" && !member.value.isString())
            return failValue(childPointer(at, member.key), "a text", member.value);
    }
    const std::optional<JsonValue> value = object.find("value");
    if (!value)
        return fail(Error::Code::Missing, at, "\"value\" is missing");
    if (!readProvenance(object, figure))
        return false;
    const Result<Value> read = readFigureValue(key, *value, figure.unit);
    if (!read)
        return fail(read.error());
    noteIfNotRunnable(key, *value);
    figure.value = value->compact();
    if (key.apply)
        key.apply(m_draft, *read);
    m_draft.platform.asOf = std::max(m_draft.platform.asOf, figure.asOf);
    m_draft.details.figures.push_back(std::move(figure));
    return true;
}

bool Reader::readProvenance(const JsonValue& object, Figure& figure)
{
    constexpr std::pair<std::string_view, Origin> kOrigins[] = {{"documented", Origin::Documented},
                                                                {"measured", Origin::Measured},
                                                                {"modelled", Origin::Modelled},
                                                                {"assumed", Origin::Assumed}};
    const auto text = [&](const char* name) {
        const std::optional<JsonValue> member = object.find(name);
        return member ? member->string() : std::string();
    };
    figure.unit = text("unit");
    figure.source = text("source");
    figure.asOf = text("asOf");
    figure.note = text("note");
    if (figure.source.empty())
        return fail(Error::Code::Missing, figure.pointer, "\"source\" is missing or empty",
                    "say where the figure comes from: an address, a document, \"own measurement\"");
    if (figure.asOf.empty())
        return fail(Error::Code::Missing, figure.pointer, "\"asOf\" is missing or empty",
                    "say when the source was true: \"2026\", \"2026-07\" or \"2026-07-12\"");
    if (!isDate(figure.asOf))
        return failValue(figure.pointer + "/asOf", "a date such as 2026, 2026-07 or 2026-07-12",
                         *object.find("asOf"));
    if (const std::string origin = text("origin"); !origin.empty()) {
        const auto known
            = std::ranges::find(kOrigins, origin, &std::pair<std::string_view, Origin>::first);
        if (known == std::end(kOrigins))
            return failValue(figure.pointer + "/origin",
                             "documented, measured, modelled or assumed", *object.find("origin"));
        figure.origin = known->second;
    }
    return true;
}

void Reader::noteIfNotRunnable(const Key& key, const JsonValue& value)
{
    const std::string text = value.isString() ? value.string() : value.compact();
    const bool runs = key.use != Use::Later && (key.runs.empty() || isOneOf(text, key.runs));
    std::optional<Error>& first = key.pointer.starts_with("/meter/") ? m_notBilled : m_notYet;
    if (runs || first)
        return;
    const std::string name(key.pointer.substr(key.pointer.rfind('/') + 1));
    Error error{Error::Code::Unavailable,
                fmt::format("the format knows {} {}, but this version cannot run it", name, text),
                "it can run: " + joinNames(key.runs),
                {},
                std::string(key.pointer),
                0,
                0};
    if (&first == &m_notBilled)
        error.hint = "without \"priceBook\" the platform is run and not priced";
    else if (key.use == Use::Later)
        error.hint = "remove it to run without this rule";
    first = placed(m_text, std::move(error));
}

bool Reader::checkRequired()
{
    for (const Key& key : platformKeyTable()) {
        if (key.required && !m_draft.has(key.pointer))
            return fail(Error::Code::Missing, std::string(key.pointer), "this figure is missing",
                        "docs/PLATFORMS.md says what it means");
    }
    return true;
}

Result<Draft> readDraft(const std::string& text, const std::string& fileName)
{
    if (text.size() > kMaxFileBytes)
        return tl::unexpected(Error{Error::Code::LimitReached,
                                    "a platform file may have 1 MiB at most",
                                    "is this the right file?",
                                    fileName,
                                    {},
                                    0,
                                    0});
    const Result<JsonText> parsed = parseJson(text, fileName);
    if (!parsed)
        return tl::unexpected(parsed.error());
    return Reader(*parsed).read();
}

} // namespace

Result<Platform> readPlatform(const std::string& text, const std::string& fileName)
{
    return readDraft(text, fileName).map([](Draft&& draft) { return std::move(draft.platform); });
}

Result<PlatformDetails> readPlatformDetails(const std::string& text, const std::string& fileName)
{
    return readDraft(text, fileName).map([](Draft&& draft) { return std::move(draft.details); });
}

std::vector<std::string> platformKeys()
{
    std::vector<std::string> keys;
    for (const Key& key : platformKeyTable())
        keys.emplace_back(key.pointer);
    return keys;
}

} // namespace coldframe::engine

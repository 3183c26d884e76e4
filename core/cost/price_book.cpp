#include "cost/price_book.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "cost/decimal.h"
#include "cost/price_entries.h"

namespace coldframe::cost {
namespace {

constexpr std::size_t kMaxBookBytes = 1 << 20;
constexpr std::int64_t kMaxSmall = std::numeric_limits<std::uint32_t>::max();
constexpr Wide kOneFactor = 1'000'000'000'000; // of PriceEntries::Multiplier
constexpr Wide kMostPrice = Wide{1'000'000} * 1'000'000'000'000; // picodollars, as of prices in books

enum class Needs : std::uint8_t { Whatever, AllOfLambda };

/// What an attempt on AWS Lambda can use.
bool isOfLambda(Resource resource)
{
    return resource <= Resource::Streamed;
}

/// Rates by their keys below `object`: "requests", and "x86_64" with "compute" in it.
class RateReader {
public:
    RateReader(PriceEntries& entries, Needs needs) : m_entries(entries), m_needs(needs) { }

    void read(JsonReader& object, std::array<std::optional<Rate>, kResources>& rates)
    {
        std::string group;
        forEachResource([&](Resource resource) {
            const std::string key = factsOf(resource).key;
            const std::size_t dot = key.find('.');
            if (dot == std::string::npos)
                readOne(object, key, resource, rates);
            else if (const std::string name = key.substr(0, dot); name != group)
                readGroup(object, group = name, rates);
        });
        object.rejectOtherKeys();
    }

private:
    bool isNeeded(Resource resource) const
    {
        return m_needs == Needs::AllOfLambda && isOfLambda(resource);
    }
    void readOne(JsonReader& object, const std::string& key, Resource resource,
                 std::array<std::optional<Rate>, kResources>& rates)
    {
        if (object.has(key) || isNeeded(resource))
            rates[static_cast<std::size_t>(resource)]
                = m_entries.rate(object, key, factsOf(resource));
    }
    void readGroup(JsonReader& object, const std::string& group,
                   std::array<std::optional<Rate>, kResources>& rates)
    {
        const std::string prefix = group + '.';
        std::vector<Resource> members;
        forEachResource([&](Resource resource) {
            if (std::string_view(factsOf(resource).key).starts_with(prefix))
                members.push_back(resource);
        });
        if (!object.has(group) && !std::ranges::any_of(members, [&](Resource r) { return isNeeded(r); }))
            return;
        JsonReader in = m_entries.section(object, group);
        for (const Resource member : members)
            readOne(in, factsOf(member).key + prefix.size(), member, rates);
        in.rejectOtherKeys();
    }

    PriceEntries& m_entries;
    Needs m_needs;
};

class BookReader {
public:
    BookReader(const JsonText& text, Errors& errors)
        : m_text(text), m_errors(errors), m_entries(text, errors)
    {
    }
    PriceBook read();

private:
    void readKind(JsonReader& root);
    void readFree(JsonReader& root);
    void readCounting(JsonReader& root);
    void readVariants(JsonReader& root);
    void multiply(JsonReader& in, PriceBook::Variant& variant);

    const JsonText& m_text;
    Errors& m_errors;
    PriceEntries m_entries;
    Needs m_needs = Needs::Whatever;
    PriceBook m_book;
};

PriceBook BookReader::read()
{
    JsonReader root(m_text, "a price book", m_errors);
    if (!root.valid())
        return m_book;
    readKind(root);
    for (const char* needed : {"id", "title", "region"})
        root.require(needed);
    m_book.id = root.string("id");
    m_book.title = root.string("title");
    m_book.region = root.string("region");
    root.string("note");
    root.string("$schema");
    JsonReader prices = m_entries.section(root, "prices");
    RateReader(m_entries, m_needs).read(prices, m_book.rates);
    readFree(root);
    readCounting(root);
    readVariants(root);
    root.rejectOtherKeys();
    m_book.asOf = m_entries.newest();
    return m_book;
}

void BookReader::readKind(JsonReader& root)
{
    root.require("format");
    root.require("kind");
    root.require("currency");
    if (const std::int64_t format = root.integer("format", {0, kMaxSmall}, 1); format != 1)
        root.fail(Error::Code::Malformed, "format",
                  fmt::format("this version reads format 1, got {}", format),
                  "a newer Coldframe may read it");
    m_needs = root.choice<Needs>(
        "kind", {{"aws-lambda", Needs::AllOfLambda}, {"metered", Needs::Whatever}},
        Needs::Whatever);
    if (const std::string currency = root.string("currency", "USD"); currency != "USD")
        root.fail(Error::Code::Malformed, "currency",
                  fmt::format("the currency must be USD, got {}", currency),
                  "convert the prices to US dollars");
}

void BookReader::readFree(JsonReader& root)
{
    const bool isLambda = m_needs == Needs::AllOfLambda;
    if (!root.has("free") && !isLambda)
        return;
    JsonReader free = m_entries.section(root, "free");
    const auto read = [&](const std::string& key, std::vector<Resource> of, bool needed) {
        if (!free.has(key) && !needed)
            return;
        Allowance allowance = m_entries.allowance(free, key, factsOf(of.front()));
        allowance.of = std::move(of);
        m_book.free.push_back(std::move(allowance));
    };
    read("requests", {Resource::Requests}, isLambda);
    read("compute", {Resource::ComputeX86, Resource::ComputeArm}, isLambda);
    for (const Resource one : {Resource::Streamed, Resource::Vcpu, Resource::Memory,
                               Resource::Clock, Resource::CpuTime, Resource::Egress})
        read(factsOf(one).key, {one}, isLambda && one == Resource::Streamed);
    if (free.has("spending"))
        m_book.free.push_back(m_entries.credit(free, "spending"));
    const auto plain = [&](const char* key, const char* unit) -> std::int64_t {
        return free.has(key) || isLambda ? m_entries.value(free, key, unit, kMaxSmall) : 0;
    };
    m_book.freeEphemeralMb
        = static_cast<std::uint32_t>(plain("ephemeralStorage", "MB per function"));
    m_book.freeStreamedBytes
        = static_cast<std::uint64_t>(plain("streamedResponse", "MiB per response")) << 20;
    free.rejectOtherKeys();
}

void BookReader::readCounting(JsonReader& root)
{
    constexpr std::int64_t kMaxKib = kMaxSmall / 1024, kDay = 86'400;
    const bool isLambda = m_needs == Needs::AllOfLambda;
    if (!root.has("counting") && !isLambda)
        return;
    JsonReader counting = m_entries.section(root, "counting");
    const auto value = [&](const char* key, const char* unit, std::int64_t most) -> std::int64_t {
        return counting.has(key) || isLambda ? m_entries.value(counting, key, unit, most) : 0;
    };
    const auto bytes = [&](const char* key) {
        return static_cast<std::uint32_t>(value(key, "KiB", kMaxKib) * 1024);
    };
    m_book.asyncFirstRequestBytes = bytes("asyncFirstRequest");
    m_book.asyncExtraRequestBytes = bytes("asyncExtraRequest");
    m_book.provisionedStep = std::chrono::seconds(value("provisionedStep", "s", kDay));
    counting.rejectOtherKeys();
}

void BookReader::readVariants(JsonReader& root)
{
    for (const JsonMember& member : root.members("variants", "variants")) {
        const std::string at = childPointer(root.pointer("variants"), member.key);
        JsonReader in(m_text, member.value, at, "a variant", m_errors);
        PriceBook::Variant variant{member.key, in.string("title"), {}};
        in.require("title");
        in.string("note");
        in.strings("regions");
        if (in.has("multiplier"))
            multiply(in, variant);
        if (in.has("prices")) {
            JsonReader prices = m_entries.section(in, "prices");
            RateReader(m_entries, Needs::Whatever).read(prices, variant.rates);
        }
        in.rejectOtherKeys();
        m_book.variants.push_back(std::move(variant));
    }
}

/// Prices of the book times a factor, rounded to whole picodollars, halves up.
void BookReader::multiply(JsonReader& in, PriceBook::Variant& variant)
{
    const PriceEntries::Multiplier by = m_entries.multiplier(in, "multiplier");
    std::vector<std::string> unknown = by.of;
    forEachResource([&](Resource resource) {
        const std::string key = factsOf(resource).key;
        const bool named = std::erase(unknown, key) > 0;
        const auto i = static_cast<std::size_t>(resource);
        if (!m_book.rates[i] || !(named || by.of.empty()))
            return;
        Rate rate = *m_book.rates[i];
        for (Rate::Tier& tier : rate.tiers) {
            const Wide exact = static_cast<Wide>(tier.picodollars) * static_cast<Wide>(by.factor);
            const Wide rounded = (exact + kOneFactor / 2) / kOneFactor;
            if (rounded >= kMostPrice)
                in.fail(Error::Code::OutOfRange, "multiplier",
                        fmt::format("makes \"{}\" dearer than 1000000 USD", key));
            tier.picodollars = static_cast<std::int64_t>(std::min(rounded, kMostPrice));
            tier.price = decimalText(tier.picodollars);
        }
        variant.rates[i] = std::move(rate);
    });
    if (!unknown.empty())
        in.fail(Error::Code::UnknownKey, "multiplier",
                fmt::format("no price is called \"{}\"", unknown.front()),
                kKeysOfPrices);
}

} // namespace

Result<PriceBook> readPriceBook(const std::string& text, const std::string& fileName)
{
    if (text.size() > kMaxBookBytes)
        return tl::unexpected(Error{Error::Code::LimitReached,
                                    "a price book may have 1 MiB at most",
                                    "is this the right file?",
                                    fileName,
                                    {},
                                    0,
                                    0});
    const Result<JsonText> parsed = parseJson(text, fileName);
    if (!parsed)
        return tl::unexpected(parsed.error());
    Errors errors;
    PriceBook book = BookReader(*parsed, errors).read();
    if (errors.empty())
        return book;
    // The first, but a misspelt key before the key that is missing because of it.
    return tl::unexpected(*std::ranges::min_element(errors, {}, [](const Error& e) {
        return std::tuple(e.code == Error::Code::Missing, e.line, e.column);
    }));
}

std::optional<PriceBook> variantOf(const PriceBook& book, const std::string& name)
{
    const auto found = std::ranges::find(book.variants, name, &PriceBook::Variant::name);
    if (found == book.variants.end())
        return std::nullopt;
    PriceBook out = book;
    out.title = fmt::format("{}, {}", book.title, found->title);
    for (std::size_t i = 0; i < kResources; ++i) {
        if (found->rates[i])
            out.rates[i] = found->rates[i];
    }
    return out;
}

} // namespace coldframe::cost

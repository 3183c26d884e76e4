#include "cost/price_book.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "cost/decimal.h"
#include "model/json_reader.h"

namespace coldframe::cost {
namespace {

constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr std::size_t kMaxTiers = 100;
constexpr std::int64_t kMaxQuantity = 1'000'000'000'000'000; // 1e15: in MB·ns far below 128 bits
constexpr std::int64_t kMaxSmall = std::numeric_limits<std::uint32_t>::max();

constexpr Wide kGbSecond = Wide{1024} * 1'000'000'000;
constexpr Wide kMib = Wide{1} << 20;

Unit perMillionRequests()
{
    return {"requests", 1, "USD per 1M requests", 1'000'000};
}
Unit perGbSecond()
{
    return {"GB-s", kGbSecond, "USD per GB-s", kGbSecond};
}
Unit perGb()
{
    return {"GB", kMib * 1024, "USD per GB", kMib * 1024};
}

bool isDate(const std::string& text)
{
    constexpr std::string_view kShape = "0000-00-00";
    if (text.size() != 4 && text.size() != 7 && text.size() != 10)
        return false;
    return std::equal(text.begin(), text.end(), kShape.begin(), [](char c, char shape) {
        return shape == '-' ? c == '-' : c >= '0' && c <= '9';
    });
}

class Reader {
public:
    Reader(const JsonText& text, Errors& errors) : m_text(text), m_errors(errors) { }

    PriceBook read();

private:
    JsonReader section(JsonReader& parent, const std::string& key);
    void checkKind(JsonReader& root);
    void readPrices(JsonReader& root);
    void readFree(JsonReader& root);
    void readCounting(JsonReader& root);
    Rate readRate(JsonReader& parent, const std::string& key, Unit unit);
    std::vector<Rate::Tier> readTiers(JsonReader& entry, const Unit& unit);
    std::int64_t readPrice(JsonReader& entry);
    std::int64_t readValue(JsonReader& parent, const std::string& key, const std::string& unit,
                           std::int64_t max, Allowance* entry = nullptr);
    void checkUnit(JsonReader& entry, const std::string& wanted);
    void readProvenance(JsonReader& entry, std::string& source, std::string& asOf);

    const JsonText& m_text;
    Errors& m_errors;
    const JsonText m_empty = *parseJson("{}", {}); ///< stands in for a missing section
    Errors m_ignored; ///< that section's errors: it being missing is said once
    PriceBook m_book;
};

/// The object at `key`; of no use, but safe to read from, when it is missing.
JsonReader Reader::section(JsonReader& parent, const std::string& key)
{
    const std::string what = fmt::format("\"{}\"", key);
    parent.require(key);
    const std::optional<JsonValue> object = parent.value(key);
    if (!object)
        return {m_empty, m_empty.root(), "", what, m_ignored};
    return {m_text, *object, parent.pointer(key), what, m_errors};
}

PriceBook Reader::read()
{
    JsonReader root(m_text, "a price book", m_errors);
    if (!root.valid())
        return m_book;
    checkKind(root);
    for (const char* needed : {"id", "title", "region"})
        root.require(needed);
    m_book.id = root.string("id");
    m_book.title = root.string("title");
    m_book.region = root.string("region");
    root.string("note");
    root.string("$schema");
    readPrices(root);
    readFree(root);
    readCounting(root);
    root.rejectOtherKeys();
    return m_book;
}

void Reader::checkKind(JsonReader& root)
{
    root.require("format");
    root.require("kind");
    root.require("currency");
    if (const std::int64_t format = root.integer("format", {0, kMaxSmall}, 1); format != 1)
        root.fail(Error::Code::Malformed, "format",
                  fmt::format("this version reads format 1, got {}", format),
                  "a newer Coldframe may read it");
    if (const std::string kind = root.string("kind", "aws-lambda"); kind != "aws-lambda")
        root.fail(Error::Code::Malformed, "kind",
                  fmt::format("this version bills \"aws-lambda\" only, got \"{}\"", kind));
    if (const std::string currency = root.string("currency", "USD"); currency != "USD")
        root.fail(Error::Code::Malformed, "currency",
                  fmt::format("the currency must be USD, got {}", currency),
                  "convert the prices to US dollars");
}

void Reader::readPrices(JsonReader& root)
{
    JsonReader prices = section(root, "prices");
    m_book.requests = readRate(prices, "requests", perMillionRequests());
    for (const Architecture architecture : kArchitectures) {
        JsonReader group = section(prices, nameOf(architecture));
        PriceBook::Compute& compute = m_book.compute[static_cast<std::size_t>(architecture)];
        compute.onDemand = readRate(group, "compute", perGbSecond());
        compute.provisioned = readRate(group, "provisionedCompute", perGbSecond());
        compute.held = readRate(group, "provisioned", perGbSecond());
        group.rejectOtherKeys();
    }
    m_book.ephemeral = readRate(prices, "ephemeralStorage", perGbSecond());
    m_book.streamed = readRate(prices, "streaming", perGb());
    prices.rejectOtherKeys();
}

void Reader::readFree(JsonReader& root)
{
    JsonReader free = section(root, "free");
    const auto allowance = [&](const std::string& key, const std::string& unit, Wide size) {
        Allowance out;
        out.amount = size * static_cast<Wide>(readValue(free, key, unit, kMaxQuantity, &out));
        return out;
    };
    m_book.freeRequests = allowance("requests", "requests per month", 1);
    m_book.freeCompute = allowance("compute", "GB-s per month", kGbSecond);
    m_book.freeStreamed = allowance("streaming", "GB per month", kMib * 1024);
    m_book.freeEphemeralMb = static_cast<std::uint32_t>(
        readValue(free, "ephemeralStorage", "MB per function", kMaxSmall));
    m_book.freeStreamedBytes = static_cast<std::uint64_t>(readValue(free, "streamedResponse",
                                                                    "MiB per response", kMaxSmall))
        << 20;
    free.rejectOtherKeys();
}

void Reader::readCounting(JsonReader& root)
{
    constexpr std::int64_t kMaxKib = kMaxSmall / 1024, kDay = 86'400;
    JsonReader counting = section(root, "counting");
    const auto bytes = [&](const char* key) {
        return static_cast<std::uint32_t>(readValue(counting, key, "KiB", kMaxKib) * 1024);
    };
    m_book.asyncFirstRequestBytes = bytes("asyncFirstRequest");
    m_book.asyncExtraRequestBytes = bytes("asyncExtraRequest");
    m_book.provisionedStep
        = std::chrono::seconds(readValue(counting, "provisionedStep", "s", kDay));
    counting.rejectOtherKeys();
}

Rate Reader::readRate(JsonReader& parent, const std::string& key, Unit unit)
{
    JsonReader entry = section(parent, key);
    Rate rate;
    rate.unit = std::move(unit);
    checkUnit(entry, rate.unit.priced);
    readProvenance(entry, rate.source, rate.asOf);
    if (entry.has("price") && entry.has("tiers"))
        entry.fail(Error::Code::Conflict, "tiers", "give either \"price\" or \"tiers\", not both");
    else if (entry.has("tiers"))
        rate.tiers = readTiers(entry, rate.unit);
    else
        rate.tiers = {{kEndless, readPrice(entry), entry.string("price")}};
    entry.rejectOtherKeys();
    return rate;
}

std::vector<Rate::Tier> Reader::readTiers(JsonReader& entry, const Unit& unit)
{
    const std::optional<JsonValue> list = entry.value("tiers");
    std::vector<Rate::Tier> tiers;
    if (!list->isArray() || list->elements().empty() || list->elements().size() > kMaxTiers) {
        entry.fail(Error::Code::Malformed, "tiers", "must be a list of 1 to 100 tiers");
        return tiers;
    }
    std::int64_t end = 0; // of the tier before; negative once a tier was endless
    for (const JsonValue& element : list->elements()) {
        const std::string at = childPointer(entry.pointer("tiers"), tiers.size());
        JsonReader tier(m_text, element, at, "a tier", m_errors);
        tier.require("from");
        const std::int64_t from = tier.integer("from", {0, kMaxQuantity}, end);
        if (end < 0)
            tier.fail(Error::Code::Conflict, "from", "the tier before has no \"upTo\"",
                      "only the last tier is endless");
        else if (from != end)
            tier.fail(Error::Code::Conflict, "from",
                      from > end ? fmt::format("{} to {} has no price", end, from)
                                 : fmt::format("{} to {} has two prices", from, end),
                      fmt::format("let this tier begin at {}", end));
        const bool endless = !tier.has("upTo");
        end = endless ? -1 : tier.integer("upTo", {from + 1, kMaxQuantity}, from + 1);
        const Wide upTo = endless ? kEndless : static_cast<Wide>(end) * unit.size;
        tiers.push_back({upTo, readPrice(tier), tier.string("price")});
        tier.rejectOtherKeys();
    }
    if (end >= 0)
        entry.fail(Error::Code::Conflict, "tiers", fmt::format("above {} there is no price", end),
                   "leave \"upTo\" out of the last tier");
    return tiers;
}

std::int64_t Reader::readPrice(JsonReader& entry)
{
    entry.require("price");
    const std::optional<JsonValue> value = entry.value("price");
    if (!value)
        return 0;
    if (!value->isString()) {
        entry.fail(Error::Code::Malformed, "price",
                   fmt::format("a price must be a decimal text, got {}", excerpt(*value)),
                   "put it in quotes, so that no digit is lost");
        return 0;
    }
    const auto price = parsePicodollars(value->string());
    if (!price)
        entry.fail(Error::Code::OutOfRange, "price",
                   fmt::format("a price {}, got {}", price.error(), excerpt(*value)));
    return price.value_or(0);
}

std::int64_t Reader::readValue(JsonReader& parent, const std::string& key, const std::string& unit,
                               std::int64_t max, Allowance* entry)
{
    JsonReader in = section(parent, key);
    Allowance unused;
    Allowance& out = entry ? *entry : unused;
    checkUnit(in, unit);
    readProvenance(in, out.source, out.asOf);
    in.require("value");
    const std::int64_t value = in.integer("value", {0, max}, 0);
    in.rejectOtherKeys();
    return value;
}

void Reader::checkUnit(JsonReader& entry, const std::string& wanted)
{
    entry.require("unit");
    if (const std::string unit = entry.string("unit", wanted); unit != wanted)
        entry.fail(Error::Code::Malformed, "unit", fmt::format("unknown unit \"{}\"", unit),
                   fmt::format("it must be \"{}\"", wanted));
}

void Reader::readProvenance(JsonReader& entry, std::string& source, std::string& asOf)
{
    entry.require("source");
    entry.require("asOf");
    source = entry.string("source");
    asOf = entry.string("asOf");
    entry.string("note");
    if (!asOf.empty() && !isDate(asOf))
        entry.fail(Error::Code::Malformed, "asOf",
                   fmt::format("must be a date such as 2026, 2026-07 or 2026-07-12, got {}", asOf));
    m_book.asOf = std::max(m_book.asOf, asOf);
}

} // namespace

const char* nameOf(Architecture architecture)
{
    return architecture == Architecture::Arm64 ? "arm64" : "x86_64";
}

Result<PriceBook> readPriceBook(const std::string& text, const std::string& fileName)
{
    if (text.size() > kMaxFileBytes)
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
    PriceBook book = Reader(*parsed, errors).read();
    if (errors.empty())
        return book;
    // The first, but a misspelt key before the key that is missing because of it.
    return tl::unexpected(*std::ranges::min_element(errors, {}, [](const Error& e) {
        return std::tuple(e.code == Error::Code::Missing, e.line, e.column);
    }));
}

} // namespace coldframe::cost

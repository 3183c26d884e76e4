#include "cost/example.h"

#include <algorithm>

#include <fmt/format.h>

#include "cost/decimal.h"
#include "cost/example_estimate.h"

namespace coldframe::cost {
namespace {

constexpr Trillionths kOfCent = 10'000'000'000;

Trillionths toCents(Trillionths amount) // halves away from zero, as pages round
{
    const Trillionths half = amount < 0 ? -kOfCent / 2 : kOfCent / 2;
    return (amount + half) / kOfCent * kOfCent;
}

/// The book with what the example says of prices and free quantities.
PriceBook bookFor(const Estimate& estimate, const PriceBook& book)
{
    PriceBook out = book;
    if (estimate.ownFree)
        out.free = estimate.free;
    std::erase_if(out.free, [&](const Allowance& a) {
        return (estimate.onlyFreeRequests && a.name != "requests")
            || std::ranges::find(estimate.withoutFree, a.name) != estimate.withoutFree.end();
    });
    for (const auto& [resource, picodollars] : estimate.prices)
        out.rates[static_cast<std::size_t>(resource)]->tiers
            = {{kEndless, picodollars, decimalText(picodollars)}};
    return out;
}

/// The lines of a bill as examples have them: one a resource, or one a tier.
void addLines(const Bill& bill, LineName nameOf, PricedExample& out)
{
    constexpr const char* kCredit = "freeCredit";
    const auto line = [&](const std::string& name) -> Trillionths& {
        auto found = std::ranges::find(out.lines, name, &PricedExample::Line::name);
        if (found == out.lines.end())
            found = out.lines.insert(out.lines.end(), {name, 0});
        return found->amount;
    };
    for (auto at = bill.lines.begin(); at != bill.lines.end();) {
        const auto end = std::find_if(at, bill.lines.end(), [&](const BillLine& other) {
            return other.resource != at->resource || other.price == "credit";
        });
        const auto tiers = std::count_if(at, end, [](const BillLine& l) { return l.price != "free"; });
        int tier = 0;
        for (; at != end; ++at) {
            const bool priced = at->price != "free";
            line(tiers > 1 && priced ? fmt::format("t{}", ++tier) : nameOf(at->resource))
                += at->amount.picodollars();
        }
        if (at != bill.lines.end() && at->price == "credit")
            line(kCredit) += (at++)->amount.picodollars();
    }
}

/// A published amount in cents, or nothing when it is no plain number.
std::optional<Trillionths> publishedCents(const std::string& text)
{
    const auto amount = parsePicodollars(text);
    return amount ? std::optional(toCents(*amount)) : std::nullopt;
}

class Pricer {
public:
    Pricer(const JsonText& text, const PriceBooks& books, PricedExamples& out)
        : m_text(text), m_books(books), m_out(out)
    {
    }

    void price(const JsonValue& value, std::size_t index)
    {
        Errors errors;
        JsonReader reader(m_text, value, childPointer("/examples", index), "an example", errors);
        PricedExample example;
        if (reader.valid())
            fill(reader, example, errors);
        if (errors.empty())
            m_out.examples.push_back(std::move(example));
        else
            m_out.errors.push_back(errors.front());
    }

private:
    void fill(JsonReader& reader, PricedExample& out, Errors& errors)
    {
        for (const char* needed : {"id", "provider", "inputs"})
            reader.require(needed);
        out.id = reader.string("id");
        out.provider = reader.string("provider");
        const auto provider = std::ranges::find(providers(), out.provider, &Provider::name);
        if (provider == providers().end())
            return reader.fail(Error::Code::Missing, "provider", "nobody knows its examples",
                               "use one of " + allNames());
        const std::optional<JsonValue> inputs = reader.value("inputs");
        if (!inputs)
            return;
        JsonReader in(m_text, *inputs, reader.pointer("inputs"), "the inputs", errors);
        ExampleInputs values(in);
        const Estimate estimate = provider->estimate(values);
        in.rejectOtherKeys();
        if (errors.empty())
            priceEstimate(estimate, provider->lineName, reader, out);
        if (errors.empty())
            compare(reader, out);
    }

    void priceEstimate(const Estimate& estimate, LineName lineName, JsonReader& reader,
                       PricedExample& out)
    {
        if (!estimate.isConversion) {
            const auto found = m_books.find(estimate.book);
            if (found == m_books.end())
                return reader.fail(Error::Code::Missing, "provider",
                                   fmt::format("there is no price book \"{}\"", estimate.book));
            const auto book = estimate.variant.empty() ? std::optional(found->second)
                                                       : variantOf(found->second, estimate.variant);
            if (!book)
                return reader.fail(Error::Code::Missing, "inputs",
                                   fmt::format("the price book \"{}\" has no variant \"{}\"",
                                               estimate.book, estimate.variant));
            const Bill bill = makeBill(estimate.meters, bookFor(estimate, *book),
                                       {.freeTier = estimate.freeTier});
            addLines(bill, lineName, out);
            if (bill.overflow)
                return reader.fail(Error::Code::LimitReached, "inputs",
                                   "this costs more than 9.2 million USD, the most that is counted");
        }
        out.lines.insert(out.lines.end(), estimate.extra.begin(), estimate.extra.end());
        for (const PricedExample::Line& line : out.lines)
            out.total += line.amount, out.sumOfCents += toCents(line.amount);
    }

    void compare(JsonReader& reader, PricedExample& out)
    {
        const std::optional<JsonValue> published = reader.value("published");
        const std::optional<JsonValue> total
            = published && published->isObject() ? published->find("total") : std::nullopt;
        if (!total || !total->isString())
            return;
        out.published = total->string();
        const std::optional<Trillionths> cents = publishedCents(out.published);
        out.matches = cents && (toCents(out.total) == *cents || out.sumOfCents == *cents);
    }

    static std::string allNames()
    {
        std::string names;
        for (const Provider& provider : providers())
            names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", provider.name);
        return names;
    }

    const JsonText& m_text;
    const PriceBooks& m_books;
    PricedExamples& m_out;
};

} // namespace

Result<PricedExamples> priceExamples(const std::string& text, const std::string& fileName,
                                     const PriceBooks& books)
{
    const Result<JsonText> parsed = parseJson(text, fileName);
    if (!parsed)
        return tl::unexpected(parsed.error());
    const JsonValue root = parsed->root();
    const std::optional<JsonValue> list = root.isObject() ? root.find("examples") : std::nullopt;
    if (!list || !list->isArray())
        return tl::unexpected(errorAt(*parsed, "", false, Error::Code::Malformed,
                                      "must be an object with \"examples\", a list"));
    PricedExamples out;
    Pricer pricer(*parsed, books, out);
    std::size_t index = 0;
    for (const JsonValue& example : list->elements())
        pricer.price(example, index++);
    return out;
}

} // namespace coldframe::cost

#include "cost_command.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "console.h"
#include "cost_text.h"
#include "model/resources.h"

namespace coldframe::commands {

namespace {

namespace fs = std::filesystem;

/// All of resources/prices, users' own among them.
Result<cost::PriceBooks> readBooks()
{
    const auto resources = findResources({});
    if (!resources)
        return tl::unexpected(resources.error());
    std::vector<fs::path> files;
    std::error_code problem;
    for (const auto& file : fs::directory_iterator(*resources / "prices", problem))
        if (file.path().extension() == ".json")
            files.push_back(file.path());
    std::ranges::sort(files);
    cost::PriceBooks books;
    for (const fs::path& file : files) {
        const auto text = readText(file);
        auto book = text ? cost::readPriceBook(*text, file.string())
                         : Result<cost::PriceBook>(tl::unexpected(text.error()));
        if (!book)
            return tl::unexpected(book.error());
        books.emplace(book->id, std::move(*book));
    }
    return books;
}

} // namespace

ExitCode cost(const CostOptions& options)
{
    const auto books = readBooks();
    const auto text = books ? readText(options.examples) : tl::unexpected(books.error());
    const auto priced = text ? cost::priceExamples(*text, options.examples.string(), *books)
                             : Result<cost::PricedExamples>(tl::unexpected(text.error()));
    if (!priced) {
        say(priced.error());
        return ExitCode::BadInput;
    }
    for (const Error& error : priced->errors)
        say(error);
    if (auto written
        = writeOut(options.json ? examplesJson(*text, *priced) : examplesText(*priced));
        !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    if (!priced->errors.empty())
        return ExitCode::BadInput;
    const bool agree = std::ranges::all_of(priced->examples, [](const cost::PricedExample& e) {
        return e.published.empty() || e.matches;
    });
    return agree ? ExitCode::Success : ExitCode::Failed;
}

void addCost(CLI::App& app, std::function<ExitCode()>& chosen)
{
    const auto options = std::make_shared<CostOptions>();
    CLI::App& costing = *app.add_subcommand(
        "cost", "Price worked examples of the providers beside what their pages say");
    costing
        .add_option("--examples", options->examples,
                    "File with {\"examples\": [{\"id\", \"provider\", \"inputs\", \"published\"}]}")
        ->required();
    costing.add_flag("--json", options->json, "Write the document with what was computed");
    costing.footer("Exit codes: 0 all agree with what is published, to the cent, 1 some do not, "
                   "2 the file is wrong, 3 Coldframe itself failed.");
    costing.callback([options, &chosen] { chosen = [options] { return cost(*options); }; });
}

} // namespace coldframe::commands

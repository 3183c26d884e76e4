#include "cost_command.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bill_text.h"
#include "console.h"
#include "cost_text.h"
#include "history/recording_reader.h"
#include "model/resources.h"
#include "study/recording_folder.h"

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

ExitCode costOfExamples(const CostOptions& options)
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

Result<std::string> costOfRecording(const CostOptions& options)
{
    const auto folder = study::findRecording(options.recording);
    const auto recording = folder ? history::RecordingReader::open(*folder)
                                  : tl::unexpected(folder.error());
    if (!recording)
        return tl::unexpected(recording.error());
    const auto run = study::ReplayStudy::open(*folder);
    if (!run)
        return tl::unexpected(run.error());
    for (const Error& warning : run->warnings())
        say("warning: " + describe(warning));
    history::AttemptLog log(recording->attemptCount() + history::AttemptLog::kChunkRows);
    recording->readAttempts(log);
    const study::RecordingBill bill
        = study::billOf(*run, log.view(), {.freeTier = options.freeTier});
    const cost::PriceBook& book = run->platform().prices;
    const BillHead head{folder->string(), fmt::format("{}, as of {}", book.title, book.asOf),
                        options.freeTier};
    return options.json ? billJson(head, bill) : billText(head, bill);
}

} // namespace

ExitCode cost(const CostOptions& options)
{
    if (!options.examples.empty())
        return costOfExamples(options);
    const auto text = costOfRecording(options);
    if (!text) {
        say(text.error());
        return exitCodeOf(text.error());
    }
    if (auto written = writeOut(*text); !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    return ExitCode::Success;
}

void addCost(CLI::App& app, std::function<ExitCode()>& chosen)
{
    const auto options = std::make_shared<CostOptions>();
    CLI::App& costing = *app.add_subcommand("cost", "Say what a recorded run costs, and who spent it");
    CLI::Option* const recording = costing.add_option(
        "REC", options->recording, "Folder of a recording, or a workspace: its newest one");
    CLI::Option* const freeTier = costing.add_flag(
        "--free-tier", options->freeTier, "Take off what is free each month, as if nothing else ran");
    costing
        .add_option("--examples", options->examples,
                    "Price worked examples of the providers beside what their pages say: a file "
                    "with {\"examples\": [{\"id\", \"provider\", \"inputs\", \"published\"}]}")
        ->type_name("FILE")
        ->excludes(recording)
        ->excludes(freeTier);
    costing.add_flag("--json", options->json, "Write JSON instead of text");
    costing.footer("Exit codes: 0 success, 1 an example differs from what is published, 2 the file "
                   "or the recording is wrong, 3 Coldframe itself failed.");
    costing.callback([options, &chosen] {
        if (options->recording.empty() && options->examples.empty())
            throw CLI::ValidationError("cost", "needs a recording, or --examples FILE");
        chosen = [options] { return cost(*options); };
    });
}

} // namespace coldframe::commands

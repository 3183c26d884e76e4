#include "model/workspace_draft.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "model/environment.h"
#include "model/workspace_limits.h"

namespace coldframe {

namespace fs = std::filesystem;

namespace {

/// Letters, digits, _ and - of a text; anything else becomes one -.
std::string asName(const std::string& text)
{
    std::string name;
    for (const char c : text) {
        const bool good = isValidName(std::string(1, c));
        if (good || (!name.empty() && name.back() != '-'))
            name += good ? c : '-';
    }
    while (name.ends_with('-'))
        name.pop_back();
    return name.substr(0, kMaxNameLength - 10); // room for "send-" and a number
}

/// A name says nothing when every project uses it.
bool saysNothing(const std::string& name)
{
    static const std::set<std::string> common{
        "",          ".",       "app",   "bootstrap",       "function",
        "functions", "handler", "index", "handlers",        "lambda",
        "lambdas",   "main",    "src",   "lambda_function", "lambda_handler"};
    return common.contains(name);
}

/// What a handler could be named after.
struct Words {
    std::string function, module; ///< "process" and "create" of "orders/create.process"
    std::string folder; ///< that of the module: "orders"
    fs::path place; ///< of that folder, to tell equal names apart
};

Words wordsOf(const DetectedHandler& found)
{
    const std::size_t dot = found.handler.rfind('.');
    const bool whole = dot == std::string::npos;
    const fs::path module = whole ? fs::path() : fs::path(found.handler.substr(0, dot));
    const fs::path place = (fs::path(found.code) / module.parent_path()).lexically_normal();
    const std::string folder = place.has_filename() ? place.filename().string()
                                                    : place.parent_path().filename().string();
    return {whole ? "bootstrap" : found.handler.substr(dot + 1), module.filename().string(), folder,
            place};
}

/// The most telling of: the handler's own name, its file, its folder, the workspace; of one that is
/// alone in its folder, the folder first.
std::string nameFor(const Words& words, bool aloneInFolder, const std::string& workspace)
{
    std::vector<std::string> wishes{words.function, words.module, words.folder, workspace};
    if (aloneInFolder)
        wishes = {words.folder, words.function, words.module, workspace};
    for (const std::string& wish : wishes)
        if (const std::string name = asName(wish); !name.empty() && !saysNothing(wish))
            return name;
    return "function";
}

std::vector<std::string> namesFor(const std::string& workspace,
                                  const std::vector<DetectedHandler>& handlers)
{
    std::vector<Words> all;
    for (const DetectedHandler& found : handlers)
        all.push_back(wordsOf(found));
    std::vector<std::string> names;
    const auto isTaken
        = [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
    for (const Words& words : all) {
        const auto sameFolder = std::ranges::count(all, words.place, &Words::place);
        const std::string wish = nameFor(words, sameFolder == 1, workspace);
        std::string name = wish;
        if (const std::string folder = asName(words.folder);
            isTaken(name) && !saysNothing(words.folder) && !folder.empty() && folder != wish)
            name = asName(folder + "-" + wish); // create of users, when there is one of orders
        for (int number = 2; isTaken(name); ++number)
            name = fmt::format("{}-{}", wish, number);
        names.push_back(name);
    }
    return names;
}

/// The part of a variable's name that says which bucket: "ARCHIVE" of ARCHIVE_BUCKET_NAME.
std::string storeOfVariable(const BucketMention& mention, const HandlerReading& reading)
{
    std::string word;
    for (const char c : mention.text)
        word += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c == '_' ? '-' : c);
    for (const char* common : {"bucket-name", "bucketname", "bucket", "s3-", "-s3"})
        if (const std::size_t at = word.find(common); at != std::string::npos)
            word.erase(at, std::string_view(common).size());
    word = asName(word);
    static const std::set<std::string> target{"",       "s3",  "dest",   "destination", "dst",
                                              "output", "out", "target", "result",      "name"};
    if (mention.isSource)
        return "in";
    if (!target.contains(word))
        return word;
    return reading.writesObjects || tellsOfObject(reading.event) ? "out" : "in";
}

/// Collects the stores of all functions: one name, one store.
class Stores {
public:
    explicit Stores(WorkspaceDraft& draft) : m_draft(draft) { }

    /// The store of this name, made when it is new. Empty when it cannot be one.
    std::string add(const std::string& name, std::string why)
    {
        const auto& stores = m_draft.stores;
        if (std::ranges::find(stores, name, &DraftStore::name) != stores.end())
            return name;
        const bool clashes = std::ranges::any_of(stores, [&](const DraftStore& other) {
            return storeVariable(other.name) == storeVariable(name);
        });
        if (!isValidName(name) || clashes) {
            m_draft.notes.push_back(fmt::format(
                "the bucket \"{}\" cannot be a store of that name, which takes letters, digits, _ "
                "and - and must differ from the others; let the code read its name from a variable",
                name));
            return {};
        }
        m_draft.stores.push_back({name, std::move(why)});
        return name;
    }

private:
    WorkspaceDraft& m_draft;
};

/// The store that a mention stands for, and what says so.
std::pair<std::string, std::string> storeOf(const BucketMention& mention, const std::string& source,
                                            const HandlerReading& reading)
{
    switch (mention.how) {
    case BucketMention::How::Suffix:
        return {source + mention.text,
                fmt::format("the code appends \"{}\" to the event's bucket", mention.text)};
    case BucketMention::How::Prefix:
        return {mention.text + source,
                fmt::format("the code puts \"{}\" before the event's bucket", mention.text)};
    case BucketMention::How::Variable:
        return {storeOfVariable(mention, reading),
                fmt::format("the code reads its name from {}", mention.text)};
    case BucketMention::How::Literal:
        break;
    }
    return {mention.text, "the code names it"};
}

void addStores(DraftFunction& function, const std::string& source, Stores& stores)
{
    const HandlerReading& reading = function.found.reading;
    if (tellsOfObject(reading.event))
        function.source = stores.add(source, "its objects are what events tell of");
    for (const BucketMention& mention : reading.buckets) {
        const auto [wish, why] = storeOf(mention, source, reading);
        const std::string store = stores.add(wish, why);
        if (store.empty())
            continue;
        if (mention.how == BucketMention::How::Variable)
            function.environment[mention.text] = store;
        if (reading.writesObjects && !mention.isSource && store != source)
            function.targets.push_back(store);
    }
}

void addNotes(const DraftFunction& function, std::vector<std::string>& notes)
{
    const HandlerReading& reading = function.found.reading;
    if (function.isScheduled())
        notes.push_back(fmt::format("{} runs on a schedule, which is disabled: set when it should "
                                    "run in /triggers/{}/expression, and enable it",
                                    function.name, function.trigger));
    if (!reading.variables.empty())
        notes.push_back(
            fmt::format("{} reads {} from its environment: set {} in /functions/{}/environment",
                        function.name, fmt::join(reading.variables, ", "),
                        reading.variables.size() == 1 ? "it" : "them", function.name));
    if (!reading.heavyLibrary.empty())
        notes.push_back(fmt::format("{} gets {} MB, as it loads {}", function.name,
                                    function.memoryMb, reading.heavyLibrary));
    if (reading.event == HandlerEvent::Sqs || reading.event == HandlerEvent::S3InSqs)
        notes.push_back(fmt::format("{} takes messages of a queue, which no trigger makes yet: "
                                    "send its event by hand",
                                    function.name));
}

} // namespace

std::string sampleEvent()
{
    return "{\n  \"message\": \"hello from Coldframe\"\n}\n";
}

WorkspaceDraft draftWorkspace(const std::string& name, const std::vector<DetectedHandler>& handlers)
{
    WorkspaceDraft draft;
    draft.name = name;
    const std::vector<std::string> names = namesFor(name, handlers);
    const auto watching = std::ranges::count_if(handlers, [](const DetectedHandler& handler) {
        return tellsOfObject(handler.reading.event);
    });
    Stores stores(draft);
    for (std::size_t i = 0; i < handlers.size(); ++i) {
        DraftFunction function{names[i], handlers[i], 128, 3000, {}, {}, {}, {}, {}};
        function.memoryMb = handlers[i].reading.heavyLibrary.empty() ? 128 : 512;
        function.timeoutMs = handlers[i].reading.heavyLibrary.empty() ? 3000 : 10'000;
        // Two triggers of one store would see the same files, which S3 refuses.
        addStores(function, watching > 1 ? names[i] + "-in" : "in", stores);
        if (function.isScheduled())
            function.trigger = "daily-" + names[i];
        else if (!function.watches())
            function.trigger = "send-" + names[i];
        else
            function.trigger = watching > 1 ? "upload-" + names[i] : "on-upload";
        addNotes(function, draft.notes);
        draft.functions.push_back(std::move(function));
    }
    if (handlers.size() >= kMostHandlers)
        draft.notes.push_back(fmt::format("only the first {} handlers are proposed: name a folder "
                                          "further down, or add functions by hand",
                                          kMostHandlers));
    return draft;
}

} // namespace coldframe

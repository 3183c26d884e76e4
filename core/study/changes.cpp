#include "study/changes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "model/suggestion.h"
#include "model/workspace_limits.h"

namespace coldframe::study {

namespace {

constexpr std::string_view kFunctions = "functions.";

Error wrongChange(const std::string& path, Error::Code code, std::string message,
                  std::string hint = {})
{
    return {code, path + ' ' + std::move(message), std::move(hint), {}, {}};
}

/// "null" is a value of its own where it is allowed.
struct Number {
    std::int64_t value = 0;
    bool isNull = false;
};

std::string rangeText(IntegerRange range, bool mayBeNull)
{
    return fmt::format("a whole number from {} to {}{}", range.min, range.max,
                       mayBeNull ? ", or null" : "");
}

Result<Number> wholeNumber(const std::string& path, const std::string& text, IntegerRange range,
                           bool mayBeNull)
{
    if (mayBeNull && text == "null")
        return Number{.isNull = true};
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size() || value < range.min
        || value > range.max)
        return tl::unexpected(
            wrongChange(path, Error::Code::OutOfRange,
                        fmt::format("must be {}, not \"{}\"", rangeText(range, mayBeNull), text)));
    return Number{.value = value};
}

std::uint32_t small(const Number& number)
{
    return static_cast<std::uint32_t>(number.value);
}

struct FunctionSetting {
    const char* name;
    IntegerRange range;
    bool mayBeNull;
    void (*apply)(engine::FunctionRules&, const Number&);
};
constexpr std::array kFunctionSettings{
    FunctionSetting{"memoryMb", kMemoryMb, false,
                    [](engine::FunctionRules& f, const Number& n) { f.memoryMb = small(n); }},
    FunctionSetting{"timeoutMs", kTimeoutMs, false,
                    [](engine::FunctionRules& f, const Number& n) {
                        f.timeout = std::chrono::milliseconds(n.value);
                    }},
    FunctionSetting{"reservedConcurrency", kConcurrency, true,
                    [](engine::FunctionRules& f, const Number& n) {
                        f.reserved = n.isNull ? std::nullopt : std::optional(small(n));
                    }},
    FunctionSetting{"provisionedConcurrency", kConcurrency, false,
                    [](engine::FunctionRules& f, const Number& n) { f.provisioned = small(n); }},
    FunctionSetting{"async.retries", kRetries, false,
                    [](engine::FunctionRules& f, const Number& n) { f.retries = small(n); }},
    FunctionSetting{"async.maxEventAgeS", kMaxEventAgeS, false,
                    [](engine::FunctionRules& f, const Number& n) {
                        f.maxEventAge = std::chrono::seconds(n.value);
                    }},
};

struct Order {
    const char* name;
    engine::DispatchOrder order;
};
constexpr std::array kOrders{
    Order{"most-recently-used", engine::DispatchOrder::MostRecentlyUsed},
    Order{"least-recently-used", engine::DispatchOrder::LeastRecentlyUsed},
    Order{"newest", engine::DispatchOrder::Newest},
    Order{"oldest", engine::DispatchOrder::Oldest},
    Order{"random", engine::DispatchOrder::Random},
};

constexpr IntegerRange kKeepAliveS{0, 31'536'000}; // a year
constexpr IntegerRange kAccount{1, 1'000'000};

Result<void> setKeepAlive(Changes& changes, const std::string& path, const std::string& value)
{
    // "infinite" is a scenario's word for it.
    const auto number = wholeNumber(path, value == "infinite" ? "null" : value, kKeepAliveS, true);
    if (!number)
        return tl::unexpected(number.error());
    changes.edits.push_back([n = *number](engine::Configuration& c) {
        c.platform.keepAlive = {}; // for ever
        if (!n.isNull)
            c.platform.keepAlive.survival.push_back({std::chrono::seconds(n.value), 0});
    });
    return {};
}

Result<void> setDispatch(Changes& changes, const std::string& path, const std::string& value)
{
    for (const Order& order : kOrders) {
        if (value != order.name && value != std::string(order.name) + "-created") // as in scenarios
            continue;
        changes.edits.push_back(
            [&order](engine::Configuration& c) { c.platform.dispatch = order.order; });
        return {};
    }
    const std::vector<std::string> names = dispatchOrders();
    const auto meant = suggestFor(value, names);
    return tl::unexpected(wrongChange(
        path, Error::Code::OutOfRange, fmt::format("cannot be \"{}\"", value),
        meant ? "did you mean \"" + *meant + "\"?" : "there are " + listOfNames(names)));
}

Result<void> setAccount(Changes& changes, const std::string& path, const std::string& value)
{
    const auto number = wholeNumber(path, value, kAccount, false);
    if (!number)
        return tl::unexpected(number.error());
    changes.edits.push_back(
        [n = *number](engine::Configuration& c) { c.platform.accountConcurrency = small(n); });
    return {};
}

Result<void> setPlatform(Changes& changes, const std::string&, const std::string& value)
{
    changes.platform = value;
    return {};
}

Result<void> setRateFactor(Changes& changes, const std::string& path, const std::string& value)
{
    double factor = 0;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), factor);
    if (problem != std::errc() || end != value.data() + value.size() || !(factor > 0)
        || factor > kMaxRateFactor)
        return tl::unexpected(
            wrongChange(path, Error::Code::OutOfRange,
                        fmt::format("must be {}, not \"{}\"", allowedValues(path), value)));
    changes.rateFactor = factor;
    return {};
}

Result<void> setSeed(Changes& changes, const std::string& path, const std::string& value)
{
    const auto number = wholeNumber(path, value, kSeed, false);
    if (!number)
        return tl::unexpected(number.error());
    changes.reseeded = true;
    changes.seed = static_cast<std::uint64_t>(number->value);
    changes.edits.push_back([seed = changes.seed](engine::Configuration& c) { c.seed = seed; });
    return {};
}

struct RunSetting {
    const char* name;
    Result<void> (*set)(Changes&, const std::string& path, const std::string& value);
};
constexpr std::array kRunSettings{
    RunSetting{"pool.keepAliveS", setKeepAlive},
    RunSetting{"pool.dispatch", setDispatch},
    RunSetting{"account.concurrency", setAccount},
    RunSetting{"accountConcurrency", setAccount},
    RunSetting{"platform", setPlatform},
    RunSetting{"arrivals.rateFactor", setRateFactor},
    RunSetting{"seed", setSeed},
};

/// The nearest path that exists, and whose functions they could be.
Error unknownPath(const std::string& path, const std::vector<std::string>& functions)
{
    std::vector<std::string> known = runSettings();
    for (const std::string& function : functions)
        for (const std::string& setting : functionSettings())
            known.push_back(fmt::format("{}{}.{}", kFunctions, function, setting));
    const auto meant = suggestFor(path, known);
    std::string hint = meant ? fmt::format("did you mean \"{}\"? The", *meant) : "the";
    hint += fmt::format(" functions are {}; of each can be set {}; and of the run {}",
                        listOfNames(functions), listOfNames(functionSettings()),
                        listOfNames(runSettings()));
    return {Error::Code::UnknownKey,
            fmt::format("there is no setting \"{}\"", path),
            std::move(hint),
            {},
            {}};
}

/// The setting's name after "functions.NAME."; a name has no dot in it.
Result<void> setOfFunction(Changes& changes, const std::string& path, const std::string& value,
                           const std::vector<std::string>& functions)
{
    const std::string rest = path.substr(kFunctions.size());
    const std::size_t dot = rest.find('.');
    const auto function = std::ranges::find(functions, rest.substr(0, dot));
    if (dot == std::string::npos || function == functions.end())
        return tl::unexpected(unknownPath(path, functions));
    const std::string name = rest.substr(dot + 1);
    const auto setting = std::ranges::find(kFunctionSettings, name, &FunctionSetting::name);
    if (setting == kFunctionSettings.end())
        return tl::unexpected(unknownPath(path, functions));
    const auto number = wholeNumber(path, value, setting->range, setting->mayBeNull);
    if (!number)
        return tl::unexpected(number.error());
    const auto id = static_cast<std::size_t>(function - functions.begin());
    changes.edits.push_back([id, apply = setting->apply, n = *number](engine::Configuration& c) {
        if (id < c.functions.size())
            apply(c.functions[id], n);
    });
    return {};
}

} // namespace

std::string allowedValues(std::string_view setting)
{
    for (const FunctionSetting& each : kFunctionSettings)
        if (setting == each.name)
            return rangeText(each.range, each.mayBeNull);
    if (setting == "pool.keepAliveS")
        return rangeText(kKeepAliveS, true);
    if (setting == "account.concurrency" || setting == "accountConcurrency")
        return rangeText(kAccount, false);
    if (setting == "seed")
        return rangeText(kSeed, false);
    if (setting == "arrivals.rateFactor")
        return fmt::format("a number above 0, up to {}", kMaxRateFactor);
    return setting == "pool.dispatch" ? "one of " + listOfNames(dispatchOrders()) : "";
}

std::vector<std::string> dispatchOrders()
{
    std::vector<std::string> names;
    for (const Order& order : kOrders)
        names.emplace_back(order.name);
    return names;
}

std::vector<std::string> functionSettings()
{
    std::vector<std::string> names;
    for (const FunctionSetting& setting : kFunctionSettings)
        names.emplace_back(setting.name);
    return names;
}

std::vector<std::string> runSettings()
{
    std::vector<std::string> names;
    for (const RunSetting& setting : kRunSettings)
        names.emplace_back(setting.name);
    return names;
}

Result<Changes> readChanges(const std::vector<std::string>& settings,
                            const std::vector<std::string>& functions)
{
    Changes changes;
    for (const std::string& text : settings) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos)
            return tl::unexpected(Error{Error::Code::Malformed,
                                        fmt::format("\"{}\" sets nothing", text),
                                        "write PATH=VALUE, as in pool.keepAliveS=60",
                                        {},
                                        {}});
        const std::string path = text.substr(0, equals), value = text.substr(equals + 1);
        Result<void> set;
        const auto setting = std::ranges::find(kRunSettings, path, &RunSetting::name);
        if (setting != kRunSettings.end())
            set = setting->set(changes, path, value);
        else if (path.starts_with(kFunctions))
            set = setOfFunction(changes, path, value, functions);
        else
            set = tl::unexpected(unknownPath(path, functions));
        if (!set)
            return tl::unexpected(set.error());
        changes.texts.push_back(text);
    }
    return changes;
}

Result<std::vector<engine::Configuration>>
changed(std::vector<engine::Configuration> configurations, const Changes& changes,
        const engine::Platform* platform, const std::vector<std::string>& functions)
{
    for (engine::Configuration& configuration : configurations) {
        if (platform)
            configuration.platform = *platform;
        for (const auto& edit : changes.edits)
            edit(configuration);
        for (std::size_t id = 0; id < configuration.functions.size(); ++id) {
            const engine::FunctionRules& rules = configuration.functions[id];
            if (!changes.any() || !rules.reserved || rules.provisioned <= *rules.reserved)
                continue;
            const std::string name = id < functions.size() ? functions[id] : std::to_string(id);
            return tl::unexpected(
                Error{Error::Code::Conflict,
                      fmt::format("function {} would have provisionedConcurrency {} and only "
                                  "reservedConcurrency {}",
                                  name, rules.provisioned, *rules.reserved),
                      "set both",
                      {},
                      {}});
        }
    }
    return configurations;
}

} // namespace coldframe::study

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "console.h"
#include "event_source.h"
#include "patterns/event_filter.h"

namespace coldframe::commands {

namespace {

using Json = nlohmann::ordered_json;

std::string nameOf(const std::string& source)
{
    return source == "-" ? "standard input" : source;
}

Result<patterns::EventFilter> readPattern(const std::string& source)
{
    auto text = readSource(source);
    if (!text)
        return tl::unexpected(text.error());
    auto reading = patterns::EventFilter::parse(std::move(*text), nameOf(source));
    for (std::size_t i = 0; i + 1 < reading.errors.size(); ++i)
        say(reading.errors[i]);
    if (!reading.filter)
        return tl::unexpected(reading.errors.back());
    return std::move(*reading.filter);
}

Result<nlohmann::json> readObject(const std::string& source)
{
    auto text = readSource(source);
    if (text)
        text = checkedEvent(std::move(*text), nameOf(source));
    if (!text)
        return tl::unexpected(text.error());
    auto event = nlohmann::json::parse(*text);
    if (!event.is_object())
        return tl::unexpected(
            Error{.code = Error::Code::Malformed,
                  .message = fmt::format("an event is an object, this is {} {}",
                                         event.is_array() ? "an" : "a", event.type_name()),
                  .hint = "write {\"field\": value}",
                  .file = nameOf(source)});
    return event;
}

std::string asJson(const std::optional<patterns::Mismatch>& mismatch)
{
    Json document{{"matches", !mismatch}};
    if (mismatch)
        document.update(Json{{"field", mismatch->field},
                             {"pointer", mismatch->pointer},
                             {"reason", mismatch->reason}});
    return document.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace

ExitCode match(const MatchOptions& options)
{
    if (options.pattern == "-" && options.event == "-") {
        say(Error{.code = Error::Code::Conflict,
                  .message = "pattern and event cannot both come from standard input",
                  .hint = "name a file for one of them"});
        return ExitCode::BadInput;
    }
    const auto filter = readPattern(options.pattern);
    const auto event = filter ? readObject(options.event) : tl::unexpected(filter.error());
    if (!event) {
        say(event.error());
        return ExitCode::BadInput;
    }
    const auto mismatch = filter->mismatch(*event);
    const std::string text = mismatch ? "no match: " + describe(*mismatch) + '\n' : "match\n";
    if (auto written = writeOut(options.json ? asJson(mismatch) : text); !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    return mismatch ? ExitCode::Failed : ExitCode::Success;
}

} // namespace coldframe::commands

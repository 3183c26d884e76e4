#include "capture_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace coldframe::commands {

namespace {

using Json = nlohmann::ordered_json;
using Done = CaptureFinding::Done;

const char* doneWord(Done done)
{
    return done == Done::Installed ? "installed" : done == Done::Removed ? "removed" : "nothing";
}

std::string indented(const std::string& statement)
{
    std::string text = "    ";
    for (const char c : statement) {
        text += c;
        if (c == '\n')
            text += "    ";
    }
    return text + ";\n";
}

const char* stateWord(session::CaptureView::State state)
{
    using State = session::CaptureView::State;
    switch (state) {
    case State::Absent:
        return "absent";
    case State::Ready:
        return "ready";
    case State::Outdated:
        return "outdated";
    case State::Renamed:
        return "renamed";
    case State::Broken:
        return "broken";
    case State::Foreign:
        break;
    }
    return "foreign";
}

Json stepsJson(const session::CaptureSteps& steps)
{
    return {{"statements", steps.statements}, {"warnings", steps.warnings}};
}

} // namespace

std::string stepsText(const session::CaptureSteps& steps, const std::string& heading)
{
    if (steps.statements.empty())
        return {};
    std::string text = "  " + heading + ":\n";
    for (const std::string& statement : steps.statements)
        text += indented(statement);
    for (const std::string& warning : steps.warnings)
        text += "  note: " + warning + '\n';
    return text;
}

std::string captureText(const CaptureFinding& finding)
{
    std::string text
        = fmt::format("{}: {}: {}\n", finding.trigger->name, finding.place,
                      finding.view                        ? session::sentenceOf(*finding.view)
                          : finding.done == Done::Removed ? "removed; " + describe(*finding.error)
                                                          : describe(*finding.error));
    // A name that is renamed says itself what to do.
    if (finding.view && finding.view->refused
        && finding.view->state != session::CaptureView::State::Renamed)
        text += "  note: " + finding.view->refused->hint + '\n';
    return text;
}

std::string captureJson(const std::vector<CaptureFinding>& findings)
{
    Json list = Json::array();
    for (const CaptureFinding& finding : findings) {
        Json one{{"trigger", finding.trigger->name}, {"table", finding.place}};
        if (finding.view) {
            one["state"] = stateWord(finding.view->state);
            one["reasons"] = finding.view->reasons;
            one["owner"] = finding.view->owner;
            one["waiting"] = finding.view->waiting ? Json(*finding.view->waiting) : Json(nullptr);
            one["install"] = stepsJson(finding.view->install);
            one["removal"] = stepsJson(finding.view->removal);
        }
        if (finding.error)
            one["error"] = {{"message", finding.error->message}, {"hint", finding.error->hint}};
        one["done"] = doneWord(finding.done);
        if (finding.done != Done::Nothing)
            one["ran"] = stepsJson(finding.ran);
        if (!finding.takenFrom.empty())
            one["takenFrom"] = finding.takenFrom;
        list.push_back(std::move(one));
    }
    return Json{{"captures", std::move(list)}}.dump(-1, ' ', false, Json::error_handler_t::replace)
        + '\n';
}

} // namespace coldframe::commands

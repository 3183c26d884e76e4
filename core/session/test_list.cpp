#include "session/test_list.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "model/json_reader.h"
#include "model/text_file.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxTests = 10'000;
constexpr std::string_view kEventEnd = ".json";

/// Names of events, and of expectations whose event is missing.
std::set<std::string> namesIn(const fs::path& folder)
{
    std::set<std::string> names;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder, problem)) {
        const std::string file = entry.path().filename().string();
        std::error_code ignored;
        if (file.starts_with('.') || !entry.is_regular_file(ignored))
            continue;
        for (const std::string_view end : {std::string_view(kExpectationEnd), kEventEnd})
            if (file.size() > end.size() && file.ends_with(end)) {
                names.insert(file.substr(0, file.size() - end.size()));
                break;
            }
        if (names.size() >= kMaxTests)
            break;
    }
    return names;
}

/// Stores begin with folders that are there.
void checkGiven(const check::Expectation& expectation, const fs::path& folder,
                std::vector<Error>& errors)
{
    for (const auto& [store, path] : expectation.given) {
        std::error_code ignored;
        if (!fs::is_directory(folder / path, ignored))
            errors.push_back(errorAt(expectation.source, childPointer("/given", store), false,
                                     Error::Code::Missing,
                                     fmt::format("the folder {} is not there",
                                                 (folder / path).lexically_normal().string()),
                                     "make it, or correct the path; it is relative to this file"));
    }
}

void readExpectation(TestCase& test, const Workspace& workspace)
{
    auto text = readTextFile(test.expectationFile, check::kMaxExpectationBytes);
    if (!text) {
        test.errors.push_back(text.error());
        return;
    }
    auto json = parseJson(std::move(*text), test.expectationFile.string());
    if (!json) {
        test.errors.push_back(json.error());
        return;
    }
    check::ExpectationReading reading = check::readExpectation(*json);
    test.errors = std::move(reading.errors);
    if (!reading.expectation)
        return;
    for (Error& error : check::unknownStores(*reading.expectation, workspace))
        test.errors.push_back(std::move(error));
    checkGiven(*reading.expectation, test.expectationFile.parent_path(), test.errors);
    if (auto function = check::functionFor(test.name, &*reading.expectation, workspace))
        test.function = std::move(*function);
    else
        test.errors.push_back(std::move(function.error()));
    if (test.errors.empty())
        test.expectation = std::move(reading.expectation);
}

TestCase testOf(const std::string& name, const fs::path& folder, const Workspace& workspace)
{
    TestCase test;
    test.name = name;
    test.event = folder / (name + std::string(kEventEnd));
    test.expectationFile = folder / (name + kExpectationEnd);
    std::error_code ignored;
    if (!fs::exists(test.expectationFile, ignored)) {
        test.function = check::functionFor(name, nullptr, workspace).value_or("");
        return test;
    }
    readExpectation(test, workspace);
    if (!fs::exists(test.event, ignored)) {
        test.errors.push_back({.code = Error::Code::Missing,
                               .message = fmt::format("there is no event {} for this expectation",
                                                      test.event.filename().string()),
                               .hint = "write the event, or remove the expectation",
                               .file = test.expectationFile.string()});
        test.expectation.reset();
    }
    return test;
}

} // namespace

std::vector<TestCase> findTests(const Workspace& workspace, const fs::path& folder)
{
    std::error_code ignored;
    const fs::path home = fs::is_directory(folder, ignored) ? folder : folder.parent_path();
    const fs::path events = home / kEventsFolder;
    std::vector<TestCase> tests;
    for (const std::string& name : namesIn(events))
        tests.push_back(testOf(name, events, workspace));
    return tests;
}

} // namespace coldframe::session

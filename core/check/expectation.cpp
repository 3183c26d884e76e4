#include "check/expectation.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "check/expectation_operators.h"
#include "model/json_reader.h"
#include "model/workspace_limits.h"

namespace coldframe::check {

namespace {

constexpr NumberRange kMaxMs{0.001, 3'600'000};
constexpr NumberRange kMaxUsd{0, 1'000};
constexpr TextRule kName{1, kMaxNameLength};
constexpr TextRule kKey{1, 1'024}; ///< of an object, as stores have it

class Reader {
public:
    explicit Reader(const JsonText& text)
        : m_text(text), m_in(text, "an expectation", m_errors), m_made{.source = text}
    { }

    ExpectationReading read()
    {
        if (m_in.valid()) {
            m_in.value("$schema");
            readFormat();
            m_made.function = m_in.string("function", {}, kName);
            readStatus();
            readResult();
            readError();
            readLog();
            readLimits();
            readOutputs();
            readGiven();
            m_in.rejectOtherKeys();
        }
        std::ranges::stable_sort(m_errors, [](const Error& a, const Error& b) {
            return std::pair(a.line, a.column) < std::pair(b.line, b.column);
        });
        if (m_errors.empty())
            return {std::move(m_made), {}};
        return {std::nullopt, std::move(m_errors)};
    }

private:
    void readFormat()
    {
        const std::optional<JsonValue> format = m_in.value("format");
        if (!format
            || (format->kind() == JsonValue::Kind::Number
                && format->number() == kExpectationFormat))
            return;
        m_in.fail(
            Error::Code::OutOfRange, "format",
            fmt::format("format must be {}, got {}", kExpectationFormat, excerpt(*format)),
            fmt::format("this program reads expectations of format {} only", kExpectationFormat));
    }

    void readStatus()
    {
        // A word is enough to say that it fails; one that says how it fails says that, too.
        const bool fails = m_in.has("errorType") || m_in.has("errorMessageMatches");
        m_made.status = fails ? Status::Failed : Status::Succeeded;
        if (!m_in.has("status"))
            return;
        const std::size_t before = m_errors.size();
        m_made.status = m_in.choice<Status>("status",
                                            {{"succeeded", Status::Succeeded},
                                             {"failed", Status::Failed},
                                             {"function-error", Status::FunctionError},
                                             {"timeout", Status::Timeout},
                                             {"crashed", Status::Crashed},
                                             {"out-of-memory", Status::OutOfMemory},
                                             {"init-error", Status::InitError},
                                             {"response-too-large", Status::ResponseTooLarge},
                                             {"invalid-response", Status::InvalidResponse},
                                             {"throttled", Status::Throttled}},
                                            m_made.status);
        m_statusKnown = m_errors.size() == before;
    }

    /// A key that cannot apply to what is expected.
    void refuseUnless(bool applies, const std::string& key, const std::string& belongs)
    {
        if (m_statusKnown && !applies && m_in.has(key))
            m_in.fail(Error::Code::Conflict, key,
                      fmt::format("{} belongs to an event that {}, and this one is expected to be "
                                  "\"{}\"",
                                  key, belongs, word(m_made.status)),
                      "remove it, or change \"status\"");
    }

    void readResult()
    {
        m_made.result = m_in.value("result");
        refuseUnless(m_made.status == Status::Succeeded, "result", "succeeds");
        if (m_made.result)
            readOperators(m_text, *m_made.result, m_in.pointer("result"), m_made.patterns,
                          m_errors);
    }

    void readError()
    {
        if (m_in.has("errorType"))
            m_made.errorType = m_in.string("errorType");
        m_made.errorMessage = pattern(m_in, "errorMessageMatches");
        refuseUnless(isFailure(m_made.status), "errorType", "fails");
        refuseUnless(isFailure(m_made.status), "errorMessageMatches", "fails");
    }

    std::optional<Pattern> pattern(JsonReader& in, const std::string& key)
    {
        const std::optional<JsonValue> found = in.value(key);
        return found ? readPattern(m_text, *found, in.pointer(key), key, m_errors) : std::nullopt;
    }

    void readLog()
    {
        const std::optional<JsonValue> found = m_in.value("logMatches");
        if (!found)
            return;
        const std::string at = m_in.pointer("logMatches");
        if (!found->isArray()) {
            addLog(*found, at);
            return;
        }
        std::size_t index = 0;
        for (const JsonValue& element : found->elements())
            addLog(element, childPointer(at, index++));
    }
    void addLog(const JsonValue& value, const std::string& pointer)
    {
        if (auto read = readPattern(m_text, value, pointer, "logMatches", m_errors))
            m_made.log.push_back({std::move(*read), pointer});
    }

    void readLimits()
    {
        m_made.maxPlatform = milliseconds("maxPlatformMs");
        m_made.maxInit = milliseconds("maxInitMs");
        if (m_in.has("maxCostUsd")) {
            const double dollars = m_in.number("maxCostUsd", kMaxUsd, 0);
            m_made.maxCost = Money::fromPicodollars(std::llround(dollars * 1e12));
        }
    }
    std::optional<Duration> milliseconds(const std::string& key)
    {
        if (!m_in.has(key))
            return std::nullopt;
        return Duration(std::llround(m_in.number(key, kMaxMs, 1) * 1e6));
    }

    void readOutputs()
    {
        const std::optional<JsonValue> found = m_in.value("outputs");
        if (!found)
            return;
        const std::string at = m_in.pointer("outputs");
        const auto elements = found->isArray() ? found->elements() : std::vector<JsonValue>();
        if (elements.empty() || elements.size() > kMaxExpectedOutputs) {
            m_in.fail(Error::Code::Malformed, "outputs",
                      fmt::format(
                          "outputs must be a list of 1 to {} objects, got {}", kMaxExpectedOutputs,
                          found->isArray() ? fmt::format("{}", elements.size()) : excerpt(*found)),
                      "write [{\"store\": \"results\", \"key\": \"a.json\"}]");
            return;
        }
        for (std::size_t i = 0; i < elements.size(); ++i)
            readOutput(elements[i], childPointer(at, i));
    }

    void readOutput(const JsonValue& value, const std::string& pointer)
    {
        JsonReader in(m_text, value, pointer, "an output", m_errors);
        if (!in.valid())
            return;
        ExpectedOutput output;
        output.pointer = pointer;
        in.require("store", "name one of the workspace's stores");
        output.store = in.string("store", {}, kName);
        output.key = in.string("key", {}, kKey);
        output.keyMatches = pattern(in, "keyMatches");
        if (in.has("key") == in.has("keyMatches"))
            m_errors.push_back(errorAt(m_text, in.has("key") ? in.pointer("keyMatches") : pointer,
                                       false, Error::Code::Conflict,
                                       "an output needs either \"key\" or \"keyMatches\"",
                                       "write its key, or an expression that finds it"));
        output.absent = in.boolean("absent", false);
        readContent(in, output);
        in.rejectOtherKeys();
        m_made.outputs.push_back(std::move(output));
    }

    void readContent(JsonReader& in, ExpectedOutput& output)
    {
        if (in.has("text"))
            output.text = in.string("text", {}, {0, kMaxExpectationBytes});
        output.matches = pattern(in, "matches");
        output.json = in.value("json");
        if (output.json)
            readOperators(m_text, *output.json, in.pointer("json"), m_made.patterns, m_errors);
        const int contents
            = (in.has("text") ? 1 : 0) + (in.has("matches") ? 1 : 0) + (in.has("json") ? 1 : 0);
        const char* last = in.has("json") ? "json" : in.has("matches") ? "matches" : "text";
        if (contents > 1)
            in.fail(Error::Code::Conflict, last,
                    "an output has at most one of \"text\", \"matches\" and \"json\"",
                    "remove the others");
        else if (contents > 0 && output.absent)
            in.fail(Error::Code::Conflict, last, "an output that is absent has no content",
                    "remove one of the two");
    }

    void readGiven()
    {
        const std::optional<JsonValue> found = m_in.value("given");
        if (!found)
            return;
        JsonReader in(m_text, *found, m_in.pointer("given"), "given", m_errors);
        if (in.valid())
            for (const JsonMember& member : found->members())
                m_made.given[member.key] = in.string(member.key);
    }

    const JsonText& m_text;
    Errors m_errors;
    JsonReader m_in;
    Expectation m_made;
    bool m_statusKnown = true;
};

} // namespace

ExpectationReading readExpectation(const JsonText& text)
{
    return Reader(text).read();
}

} // namespace coldframe::check

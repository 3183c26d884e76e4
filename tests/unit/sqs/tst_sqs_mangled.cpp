// Requests that were right once: whatever becomes of them, they get an answer in the protocol's
// shape.

#include <gmock/gmock.h>

#include "mangled.h"
#include "sqs_server.h"

using namespace coldframe::sqs;
using namespace coldframe::sqs::test;
using coldframe::http::test::post;
using coldframe::test::below;
using coldframe::test::mangled;
using coldframe::test::seedToTry;

namespace {

constexpr int kRounds = 1'500;

struct Valid {
    const char* action;
    json parameters;
};

std::vector<Valid> validRequests()
{
    const std::string handle = writeHandle({1, 1}, "parts");
    const json attribute{{"DataType", "Binary"}, {"BinaryValue", "AAEC"}};
    const json draft{
        {"MessageBody", "hello"},
        {"DelaySeconds", 5},
        {"MessageAttributes",
         {{"a.b", attribute}, {"n", {{"DataType", "Number"}, {"StringValue", "1e3"}}}}}};
    json entry = draft;
    entry["Id"] = "one";
    return {
        {"SendMessage", draft},
        {"SendMessageBatch", {{"Entries", {entry, {{"Id", "two"}, {"MessageBody", "x"}}}}}},
        {"ReceiveMessage",
         {{"MaxNumberOfMessages", 10},
          {"WaitTimeSeconds", 0},
          {"VisibilityTimeout", 30},
          {"AttributeNames", {"All"}},
          {"MessageAttributeNames", {"a.*"}}}},
        {"DeleteMessage", {{"ReceiptHandle", handle}}},
        {"DeleteMessageBatch", {{"Entries", {{{"Id", "one"}, {"ReceiptHandle", handle}}}}}},
        {"ChangeMessageVisibility", {{"ReceiptHandle", handle}, {"VisibilityTimeout", 0}}},
        {"ChangeMessageVisibilityBatch",
         {{"Entries", {{{"Id", "one"}, {"ReceiptHandle", handle}, {"VisibilityTimeout", 43200}}}}}},
        {"GetQueueUrl", {{"QueueName", "parts"}}},
        {"GetQueueAttributes", {{"AttributeNames", {"All", "QueueArn"}}}},
        {"CreateQueue", {{"QueueName", "parts"}, {"Attributes", {{"VisibilityTimeout", "30"}}}}},
        {"ListQueues", {{"QueueNamePrefix", "p"}, {"MaxResults", 5}, {"NextToken", "cGFydHM="}}},
        {"ListDeadLetterSourceQueues", json::object()},
        {"PurgeQueue", json::object()}};
}

json oddValue(std::mt19937& random)
{
    const json values[]{nullptr,
                        true,
                        -1,
                        0,
                        1e308,
                        std::uint64_t{18'446'744'073'709'551'615U},
                        std::int64_t{-9'223'372'036'854'775'807},
                        "",
                        std::string("a\0b", 3),
                        "99999999999999999999999999999",
                        "-0",
                        "AAE=C",
                        "\xf0\x9f\xa6\x8a",
                        std::string(300, '.'),
                        std::string(70'000, 'x'),
                        json::array(),
                        json::array({json::array({json::array()})}),
                        json::object(),
                        {{"", {{"", ""}}}},
                        {{std::string("n\0", 2), 1}}};
    return values[below(random, std::size(values))];
}

/// Somewhere in it a value is another, is gone, or comes under another name.
void spoil(json& at, std::mt19937& random)
{
    if (!at.is_structured() || at.empty() || below(random, 4) == 0) {
        at = oddValue(random);
        return;
    }
    auto chosen = at.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(below(random, at.size())));
    const std::size_t how = below(random, 8);
    if (how == 0)
        at.erase(chosen);
    else if (how == 1 && at.is_object())
        at[std::string(1 + below(random, 90), '.')] = *chosen;
    else if (how == 1)
        at.push_back(json(*chosen));
    else
        spoil(*chosen, random);
}

/// A form as SDKs of the Query protocol write it, of JSON parameters.
void addForm(std::string& form, const std::string& name, const json& value)
{
    if (value.is_object())
        for (const auto& [key, member] : value.items())
            addForm(form, name + '.' + key, member);
    else if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i)
            addForm(form, name + '.' + std::to_string(i + 1), value[i]);
    else
        form += '&' + name + '=' + (value.is_string() ? value.get<std::string>() : value.dump());
}

class Mangled : public testing::Test {
protected:
    void ask(const std::string& request, bool inJson)
    {
        Answer answer = m_client->exchange(request);
        ASSERT_GE(answer.status, 200) << request;
        ASSERT_LT(answer.status, 500) << request;
        if (inJson) {
            ASSERT_FALSE(json::parse(answer.body, nullptr, false).is_discarded()) << request << "\n"
                                                                                  << answer.body;
        } else {
            ASSERT_EQ(answer.body.substr(0, 1), "<") << request << "\n" << answer.body;
        }
        if (answer.has("Connection: close"))
            m_client = std::make_unique<RawClient>(m_server.port);
    }

    std::mt19937 m_random{seedToTry()};
    SqsServer m_server;
    std::unique_ptr<RawClient> m_client = std::make_unique<RawClient>(m_server.port);
};

TEST_F(Mangled, parametersInJson)
{
    const std::vector<Valid> all = validRequests();
    for (int round = 0; round < kRounds && !HasFatalFailure(); ++round) {
        const Valid& chosen = all[below(m_random, all.size())];
        json parameters = chosen.parameters;
        parameters["QueueUrl"] = kAbout;
        for (std::size_t times = below(m_random, 3); times > 0; --times)
            spoil(parameters, m_random);
        ask(SqsServer::jsonRequest(chosen.action, parameters.dump()), true);
    }
}

TEST_F(Mangled, bytesOfJson)
{
    const std::vector<Valid> all = validRequests();
    for (int round = 0; round < kRounds && !HasFatalFailure(); ++round) {
        const Valid& chosen = all[below(m_random, all.size())];
        json parameters = chosen.parameters;
        parameters["QueueUrl"] = kAbout;
        ask(SqsServer::jsonRequest(chosen.action, mangled(parameters.dump(), m_random)), true);
    }
}

TEST_F(Mangled, forms)
{
    const std::vector<Valid> all = validRequests();
    for (int round = 0; round < kRounds && !HasFatalFailure(); ++round) {
        const Valid& chosen = all[below(m_random, all.size())];
        json parameters = chosen.parameters;
        if (below(m_random, 2) == 0)
            spoil(parameters, m_random);
        std::string form = std::string("Action=") + chosen.action;
        if (parameters.is_object())
            for (const auto& [name, value] : parameters.items())
                addForm(form, name, value);
        ask(post("/000000000000/parts", mangled(std::move(form), m_random),
                 "Content-Type: application/x-www-form-urlencoded\r\n"),
            false);
    }
}

/// Pieces of both protocols in any order.
TEST_F(Mangled, whateverComes)
{
    const std::string pieces[]{"{",           "}",
                               "[",           "]",
                               ":",           ",",
                               "\"",          "\\",
                               "Action",      "=",
                               "&",           "%",
                               "SendMessage", "Entries",
                               "MessageBody", "\xff",
                               "1e999",       "-",
                               "QueueUrl",    "/000000000000/parts",
                               ".",           "MessageAttribute.1.Name"};
    for (int round = 0; round < kRounds && !HasFatalFailure(); ++round) {
        std::string body;
        for (std::size_t i = below(m_random, 40); i > 0; --i)
            body += pieces[below(m_random, std::size(pieces))];
        if (round % 2 == 0)
            ask(post("/000000000000/parts", body, ""), false);
        else
            ask(SqsServer::jsonRequest("SendMessageBatch", body), true);
    }
}

} // namespace

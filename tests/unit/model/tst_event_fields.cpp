#include <gmock/gmock.h>

#include "model/event_fields.h"

namespace coldframe::test {
namespace {

using testing::IsEmpty;

/// "body.name=\"Ada\" detail.n=3".
std::string shown(std::string_view source)
{
    const char* const places[] = {"event", "body", "path", "query", "detail", "image"};
    std::string text;
    for (const EventField& field : eventFields(source))
        text += (text.empty() ? "" : " ") + std::string(places[static_cast<int>(field.place)]) + "."
            + field.key + (field.type.empty() ? "" : ":" + field.type) + "=" + field.value;
    return text;
}

TEST(EventFields, AreKeysThatTheSourceSpellsOut)
{
    struct Row {
        const char* source;
        const char* found;
    };
    const std::vector<Row> rows{
        {"return event['name'] + event.get('greeting', '')",
         "event.name=\"Ada\" event.greeting=\"hello\""},
        {"const { email, page: p = 1 } = event;", "event.email=\"ada@example.com\" event.page=3"},
        {"export const handler = async ({ width, height }) => width * height",
         "event.width=3 event.height=3"},
        {"return json.loads(data['body'])['name']", "body.name=\"Ada\""},
        {"body = json.loads(record['body'])\nuse(body['order_id'], body.get('total', 0))",
         "body.order_id=\"42\" body.total=3"},
        {"body = json.loads(x.get('body') or '{}')\nprint(body['url'])",
         "body.url=\"https://example.com/\""},
        {"const order = JSON.parse(req.body);\nuse(order.id, order?.items);",
         "body.id=\"42\" body.items=[]"},
        {"const { name } = JSON.parse(req.body ?? '{}');", "body.name=\"Ada\""},
        {"x = req['pathParameters']['id']", "path.id=\"42\""},
        {"x = int(req['pathParameters']['id'])", "path.id=42"},
        {"const id = req.pathParameters?.id;", "path.id=\"42\""},
        {"const { id } = req.pathParameters;", "path.id=\"42\""},
        {"q = req.get('queryStringParameters') or {}\nq.get('page')", "query.page=3"},
        {"(req.queryStringParameters || {}).date", "query.date=\"2026-05-12\""},
        {"print(req['detail']['order_id'])", "detail.order_id=\"42\""},
        {"detail = req['detail']\nn = detail['lot'] * 2", "detail.lot=3"},
        {"r['dynamodb']['NewImage']['Id']['N']", "image.Id:N=42"},
        {"image = r['dynamodb']['NewImage']\nuse(image['Message']['S'], image['Paid']['BOOL'])",
         "image.Message:S=\"hello\" image.Paid:BOOL=true"},
        {"const img = r.dynamodb.NewImage;\nuse(img.Title.S)", "image.Title:S=\"hello\""},
        {"event['a'] / event['b']", "event.a=3 event.b=3"},
        {"event['total'] + int(event['lot'])", "event.total=3 event.lot=3"},
        {"data['name']; datum.events['x']; for k in body.keys(): pass", ""},
        {"event.map((x) => x); len(event)", ""},
        {"if event['detail-type'] == 'x': pass", "event.detail-type=\"hello\""},
    };
    for (const Row& row : rows)
        EXPECT_EQ(shown(row.source), row.found) << row.source;
}

TEST(EventFields, StandHugeAndStrangeSources)
{
    EXPECT_THAT(shown(std::string(1'000'000, '{')), IsEmpty());
    EXPECT_THAT(shown("event[\nevent.get('\nevent?."), IsEmpty());
    EXPECT_THAT(shown(std::string("event['\0\xff']", 12)), IsEmpty());
}

} // namespace
} // namespace coldframe::test

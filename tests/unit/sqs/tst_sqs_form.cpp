// The Query protocol as other writing of the JSON protocol.

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "sqs/query_form.h"

using namespace coldframe::sqs;
using nlohmann::json;
using nlohmann::ordered_json;
using testing::HasSubstr;

namespace {

TEST(SqsForm, numberedNamesAreListsAndMaps)
{
    struct Row {
        const char *name, *form, *json;
    };
    const Row rows[]{
        {"nothing", "", "{}"},
        {"only separators", "&&&", "{}"},
        {"texts", "Action=SendMessage&MessageBody=a+b%2B%C3%BC&Version=2012-11-05",
         R"({"Action": "SendMessage", "MessageBody": "a b+ü", "Version": "2012-11-05"})"},
        {"no equals sign", "Action&MessageBody=", R"({"Action": "", "MessageBody": ""})"},
        {"equals signs in a value", "MessageBody=a=b=", R"({"MessageBody": "a=b="})"},
        {"a NUL", "MessageBody=a%00b", R"({"MessageBody": "a\u0000b"})"},
        {"a list", "AttributeName.1=All&AttributeName.2=x", R"({"AttributeNames": ["All", "x"]})"},
        {"a list in another order", "AttributeName.10=b&AttributeName.9=a",
         R"({"AttributeNames": ["a", "b"]})"},
        {"a list of one without a number", "AttributeName=All", R"({"AttributeNames": ["All"]})"},
        {"a list without members", "SendMessageBatchRequestEntry=", R"({"Entries": []})"},
        {"a list with other names", "AttributeName.x=All&AttributeName.-1=b&AttributeName.1x=c",
         R"({"AttributeNames": []})"},
        {"a map", "Attribute.1.Name=DelaySeconds&Attribute.1.Value=5",
         R"({"Attributes": {"DelaySeconds": "5"}})"},
        {"attributes",
         "MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=String&MessageAttribute.1."
         "Value.StringValue=x&MessageAttribute.2.Name=b&MessageAttribute.2.Value.BinaryValue=AA%3D%"
         "3D",
         R"({"MessageAttributes": {"a": {"DataType": "String", "StringValue": "x"},
                                   "b": {"BinaryValue": "AA=="}}})"},
        {"a map without names", "Attribute.1.Value=5", R"({"Attributes": {"": "5"}})"},
        {"a map that is a text", "Attribute=5", R"({"Attributes": {"": null}})"},
        {"a batch",
         "SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x&"
         "SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageAttribute.1."
         "Name=n&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.DataType=Number",
         R"({"Entries": [{"Id": "a", "MessageBody": "x"},
                         {"Id": "b", "MessageAttributes": {"n": {"DataType": "Number"}}}]})"},
        {"lists of values", "StringListValue.1=a", R"({"StringListValues": ["a"]})"},
        {"the last of two counts", "MessageBody=a&MessageBody=b", R"({"MessageBody": "b"})"},
    };
    for (const Row& row : rows) {
        const auto read = fromForm(row.form);
        ASSERT_TRUE(read) << row.name;
        EXPECT_EQ(*read, json::parse(row.json)) << row.name << ": " << *read;
    }
}

TEST(SqsForm, whatIsNone)
{
    std::string many;
    for (int i = 0; i < 3000; ++i)
        many += "AttributeName." + std::to_string(i) + "=x&";
    std::string deep = "a";
    for (int i = 0; i < 100'000; ++i)
        deep += ".a";
    for (const std::string& form :
         {std::string("a=%"), std::string("a=%2"), std::string("a=%zz"), std::string("%=a"),
          std::string("=a"), std::string(".=a"), std::string("a.=b"), std::string("a..b=c"),
          std::string("a=1&a.b=2"), std::string("a.b=2&a=1"), many, deep + "=x"}) {
        const auto read = fromForm(form);
        ASSERT_FALSE(read) << form.substr(0, 100);
        EXPECT_EQ(read.error().code, "MalformedInput");
        EXPECT_LT(read.error().message.size(), 500U);
    }
}

TEST(SqsForm, answersAsXml)
{
    struct Row {
        const char *action, *json, *xml;
    };
    const Row rows[]{
        {"DeleteMessage", "{}", ""},
        {"ReceiveMessage", "{}", "<ReceiveMessageResult></ReceiveMessageResult>"},
        {"SendMessage", R"({"MessageId": "1", "MD5OfMessageBody": "x"})",
         "<SendMessageResult><MessageId>1</MessageId><MD5OfMessageBody>x</MD5OfMessageBody>"
         "</SendMessageResult>"},
        {"ListQueues", R"({"QueueUrls": ["http://a", "http://b"], "NextToken": "t"})",
         "<ListQueuesResult><QueueUrl>http://a</QueueUrl><QueueUrl>http://b</QueueUrl>"
         "<NextToken>t</NextToken></ListQueuesResult>"},
        {"GetQueueAttributes", R"({"Attributes": {"DelaySeconds": "0"}})",
         "<GetQueueAttributesResult><Attribute><Name>DelaySeconds</Name><Value>0</Value>"
         "</Attribute></GetQueueAttributesResult>"},
        {"ReceiveMessage",
         R"({"Messages": [{"Body": "<a>&\"\r\n\t", "MessageAttributes": {"n":
             {"StringValue": "x", "DataType": "String"}}}, {"Body": "b"}]})",
         "<ReceiveMessageResult><Message><Body>&lt;a&gt;&amp;&quot;&#xD;&#xA;&#x9;</Body>"
         "<MessageAttribute><Name>n</Name><Value><StringValue>x</StringValue>"
         "<DataType>String</DataType></Value></MessageAttribute></Message>"
         "<Message><Body>b</Body></Message></ReceiveMessageResult>"},
        {"DeleteMessageBatch",
         R"({"Successful": [{"Id": "a"}], "Failed": [{"Id": "b", "SenderFault": true}]})",
         "<DeleteMessageBatchResult><DeleteMessageBatchResultEntry><Id>a</Id>"
         "</DeleteMessageBatchResultEntry><BatchResultErrorEntry><Id>b</Id>"
         "<SenderFault>true</SenderFault></BatchResultErrorEntry></DeleteMessageBatchResult>"},
    };
    for (const Row& row : rows)
        EXPECT_EQ(toXml(row.action, ordered_json::parse(row.json), "r1"),
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + std::string(row.action)
                      + "Response xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">" + row.xml
                      + "<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></"
                      + row.action + "Response>");
}

TEST(SqsForm, errorsAsXml)
{
    using namespace std::string_view_literals;
    const std::string xml = toXml(receiptHandleIsInvalid("a<\0\xff>"sv), "r1");
    EXPECT_THAT(xml,
                HasSubstr("<Error><Type>Sender</Type><Code>ReceiptHandleIsInvalid</Code>"
                          "<Message>The input receipt handle &quot;a&lt;\xef\xbf\xbd\xef\xbf"
                          "\xbd&gt;&quot; is not a valid receipt handle.</Message><Detail/>"));
    EXPECT_THAT(toXml(internalError("x"), "r1"), HasSubstr("<Type>Receiver</Type>"));
}

} // namespace

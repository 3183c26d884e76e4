// The fields of the kinds of triggers.
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>

#include "ui/dialogs/trigger_dialog.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

using Words = QList<std::pair<const char*, QString>>;

/// Other items in a choice; what was chosen stays so where it is still offered.
void refillChoice(QComboBox& box, const QList<std::pair<QString, QString>>& items)
{
    const QSignalBlocker quiet(box);
    const QString chosen = box.currentData().toString();
    box.clear();
    for (const auto& [json, what] : items)
        box.addItem(what, json);
    const int at = box.findData(chosen);
    box.setCurrentIndex(at >= 0 ? at : box.count() > 0 ? 0 : -1);
}

} // namespace

/// Those that such a trigger can be about.
void TriggerDialog::fillStores()
{
    QList<std::pair<QString, QString>> items;
    QStringList names = storesOf(is("queue") ? "queue" : is("changes") ? "sqlite" : "folder");
    if (is("changes"))
        names << storesOf("postgres");
    for (const QString& name : names)
        items.append({quoted(name), name});
    refillChoice(*m_store, items);
    if (const std::string chosen = textOf("store"); !chosen.empty() && !m_storeChosen) {
        const QSignalBlocker quiet(m_store);
        chooseOf(*m_store, chosen);
    }
    m_storeChosen = true;
}

void TriggerDialog::fillShapes()
{
    const Words words = is("stream")
        ? Words{{"kinesis", tr("kinesis: records of a Kinesis stream")},
                {"lines", tr("lines: the lines as they are")}}
        : is("changes") ? Words{{"dynamodb", tr("dynamodb: records of a DynamoDB stream")},
                                {"row", tr("row: rows before and after, as they are")}}
                        : Words{{"s3", tr("s3: the notification of S3")},
                                {"eventbridge", tr("eventbridge: the event of EventBridge")},
                                {"cloudevents", tr("cloudevents: a CloudEvent")},
                                {"content", tr("content: the JSON in the file")},
                                {"body", tr("body: the file as the body of a request")}};
    QList<std::pair<QString, QString>> items;
    for (const auto& [word, what] : words)
        items.append({quoted(QLatin1String(word)), what});
    refillChoice(*m_shape, items);
    if (const std::string chosen = textOf("shape"); !chosen.empty() && !m_shapeChosen) {
        const QSignalBlocker quiet(m_shape);
        chooseOf(*m_shape, chosen);
    }
    m_shapeChosen = true;
}

/// The first is the default, which need not be named.
void TriggerDialog::fillEvents()
{
    QList<std::pair<QString, QString>> items;
    const auto add = [&items](const char* json, const QString& what) {
        items.append({QLatin1String(json), what});
    };
    if (is("changes")) {
        add(R"(["insert","modify","remove"])", tr("new, changed and removed rows"));
        add(R"(["insert"])", tr("new rows"));
        add(R"(["modify"])", tr("changed rows"));
        add(R"(["remove"])", tr("removed rows"));
        add(R"(["insert","modify"])", tr("new and changed rows"));
    } else {
        add(R"(["created"])", tr("new and changed files"));
        add(R"(["removed"])", tr("removed files"));
        add(R"(["created","removed"])", tr("both"));
        add(R"(["modified"])", tr("changed files only"));
        add(R"(["modified","removed"])", tr("changed and removed files"));
        add(R"(["created","modified"])", tr("also changed files, told apart from new ones"));
        add(R"(["created","modified","removed"])", tr("all of them, told apart"));
    }
    const std::optional<JsonValue> inFile = valueOf("events");
    if (!inFile)
        items.front().first.clear();
    refillChoice(*m_events, items);
    if (inFile && !std::exchange(m_eventsChosen, true)) {
        const QSignalBlocker quiet(m_events);
        const QString json = text(inFile->compact());
        if (m_events->findData(json) < 0)
            m_events->addItem(json, json); // what is wrong with it is told
        m_events->setCurrentIndex(m_events->findData(json));
    }
}

void TriggerDialog::addStream()
{
    addFolder(tr("&File"), "path", [] {
        return true;
    })->setPlaceholderText(QStringLiteral("data/clicks.jsonl"));
    QComboBox* format = addChoice(tr("&Lines are"), "format");
    format->addItem(tr("as the file's name says"), QString());
    format->addItem(tr("jsonl: JSON"), quoted(QStringLiteral("jsonl")));
    format->addItem(tr("csv: rows under a header"), quoted(QStringLiteral("csv")));
    if (const std::string chosen = textOf("format"); !chosen.empty())
        chooseOf(*format, chosen);
    setPart(kWhich);
    m_begins = addDefaulted(tr("&Begins at"), "startingPosition",
                            {{R"("TRIM_HORIZON")", {}}, {R"("LATEST")", {}}});
    setPart(kEventPart);
    addText(tr("Partition ke&y"), "partitionKey", IfEmpty::LeaveOut)
        ->setPlaceholderText(tr("one for all, or a field of the lines"));
}

void TriggerDialog::nameBegins()
{
    m_begins->setItemText(
        0, is("changes") ? tr("the first change that is captured") : tr("the first line"));
    m_begins->setItemText(
        1, is("changes") ? tr("changes from now on") : tr("what is added from now on"));
}

void TriggerDialog::addBatches()
{
    setPart(kBatches);
    m_batchSize = addNumber(tr("Batch si&ze"), "batchSize", QStringLiteral("10"), QString());
    addNumber(tr("Batch windo&w"), "batchWindowS", QStringLiteral("0"), tr("s"));
    addNumber(tr("Maximum &concurrency"), "maximumConcurrency", tr("up to 1,250, as reading grows"),
              QString());
    setPart(kFailures);
    addDefaulted(tr("Partial &failures"), "reportBatchItemFailures",
                 {{"false", tr("a batch succeeds or fails as a whole")},
                  {"true", tr("the answer names those that failed")}});
    addNumber(tr("&Retries"), "maximumRetryAttempts", tr("-1: until it succeeds"), QString());
    addNumber(tr("Record &age"), "maximumRecordAgeS", tr("-1: any"), tr("s"));
    addDefaulted(tr("After an error"), "bisectBatchOnFunctionError",
                 {{"false", tr("the batch comes again as it is")},
                  {"true", tr("halves of the batch come again")}});
    setPart(kBatches);
    addNumber(tr("Batches at once"), "parallelizationFactor", QStringLiteral("1"), QString());
    addNumber(tr("Tumbling window"), "tumblingWindowS", tr("none"), tr("s"));
}

void TriggerDialog::addFileRest()
{
    setPart(kWhich);
    addDefaulted(tr("S&ubfolders"), "recursive",
                 {{"true", tr("with all that is in them")}, {"false", tr("left out")}});
    setPart(kEventPart);
    m_shape = addChoice(tr("Event &shape"), "shape");
    setPart(kWhich);
    m_events = addChoice(tr("&Changes"), "events");
    addNumber(tr("Settle after"), "settleMs", QStringLiteral("0"), tr("ms"));
    addDefaulted(tr("While stopp&ed"), "catchUp",
                 {{"true", tr("what came meanwhile is made up for")},
                  {"false", tr("what came meanwhile is left alone")}});
}

void TriggerDialog::addHttp()
{
    addText(tr("&Route"), "route", IfEmpty::LeaveOut)
        ->setPlaceholderText(tr("all requests, or such as POST /orders/{id}"));
    addNumber(tr("P&ort"), "port", tr("any free one"), QString());
    setPart(kEventPart);
    addDefaulted(
        tr("Pay&load format"), "payload",
        {{R"("2.0")", tr("2.0: HTTP APIs and function URLs")}, {R"("1.0")", tr("1.0: REST APIs")}});
    setPart(0);
    addNumber(tr("Answer &within"), "timeoutMs", QStringLiteral("30000"), tr("ms"));
}

} // namespace coldframe::ui

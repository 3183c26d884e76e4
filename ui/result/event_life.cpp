#include "ui/result/event_life.h"

#include <QCoreApplication>

#include <algorithm>
#include <charconv>

#include "model/batch_answer.h"
#include "model/json_text.h"
#include "ui/attempts/attempt_text.h"
#include "ui/queues/message_text.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

using history::AttemptRow;

constexpr std::uint64_t kMostSearched = 300'000; ///< rows; some ten milliseconds
constexpr qsizetype kMostMessages = 50; ///< named; of more, how many there are

QString tr(const char* source)
{
    return QCoreApplication::translate("Life", source);
}

/// All that ended so far, in order.
std::vector<AttemptRow> attemptsOf(const session::Snapshot& snapshot, const std::string& requestId)
{
    std::vector<AttemptRow> found;
    const history::RequestId id = history::parseRequestId(requestId);
    const auto& rows = snapshot.attempts;
    const std::uint64_t first
        = std::max(rows.firstRow(), rows.endRow() - std::min(rows.size(), kMostSearched));
    for (std::uint64_t at = first; at < rows.endRow(); ++at)
        if (rows[at].requestId == id)
            found.push_back(rows[at]);
    return found;
}

QString destinationText(const Destination& destination)
{
    if (const auto* function = std::get_if<FunctionDestination>(&destination))
        return tr("the function “%1”").arg(text(function->function));
    if (const auto* http = std::get_if<HttpDestination>(&destination))
        return text(http->url);
    const std::string* store = storeOf(destination);
    return store ? tr("the store “%1”").arg(text(*store)) : QString();
}

bool ranAtAll(const AttemptRow& row)
{
    return row.ending != history::Ending::Rejected;
}

QString endingText(const AttemptRow& row)
{
    const QString status = statusText(statusOf(row));
    return ranAtAll(row)
        ? tr("%1 after %2, ended %3").arg(status, durationText(row.desk), clockText(endOf(row)))
        : tr("%1 at %2").arg(status, clockText(endOf(row)));
}

LifeStage attemptsStage(const std::vector<AttemptRow>& attempts, Duration sandbox)
{
    LifeStage stage{.name = tr("Attempts")};
    QStringList reasons;
    for (const AttemptRow& row : attempts) {
        if (row.attempt > 1 && row.retryAfterS > 0)
            stage.rows.append({.name = tr("Delay"),
                               .value = durationText(std::chrono::seconds(row.retryAfterS)),
                               .origin = tr("modelled")});
        stage.rows.append({.name = tr("Attempt %1").arg(row.attempt),
                           .value = endingText(row),
                           .origin = tr("measured")});
        const QString why = text(session::reasonText(row, sandbox));
        if (!why.isEmpty())
            reasons << tr("%1: %2").arg(row.attempt).arg(why);
    }
    if (attempts.size() > 1) // else the pane has said it
        stage.note = reasons.join(QLatin1Char('\n'));
    return stage;
}

/// Where the event went when nothing more was to be tried.
LifeStage endStage(const AttemptRow& last, const Function& function)
{
    LifeStage stage{.name = tr("End")};
    const auto add = [&stage](const QString& name, const QString& value) {
        stage.rows.append({.name = name, .value = value});
    };
    const auto way = [&add](const std::optional<Destination>& destination, const char* key) {
        add(tr("Destination"),
            destination ? tr("%1, by %2").arg(destinationText(*destination), QLatin1String(key))
                        : tr("none: the function has no %1").arg(QLatin1String(key)));
    };
    if (last.ending == history::Ending::Succeeded) {
        add(tr("Event"), tr("done"));
        way(function.onSuccess, "onSuccess");
    } else if (last.ending == history::Ending::Cancelled) {
        add(tr("Event"), tr("cancelled by hand"));
    } else if (ranAtAll(last) && last.attempt < last.attemptsAllowed) {
        add(tr("Event"), tr("not ended: one more attempt is due, or its event grew too old"));
    } else {
        add(tr("Event"),
            ranAtAll(last) ? tr("given up after %1 attempts").arg(last.attempt)
                           : tr("given up: %1").arg(text(engine::describe(last.reason()))));
        way(function.onFailure, "onFailure");
    }
    return stage;
}

/// A message of a batch, as the function was told of it.
struct Message {
    std::string id;
    int receives = 0;
};

std::vector<Message> messagesOf(const std::string& event)
{
    std::vector<Message> messages;
    const Result<JsonText> json = parseJson(event, {});
    const auto records
        = json && json->root().isObject() ? json->root().find("Records") : std::nullopt;
    if (!records || !records->isArray())
        return messages;
    for (const JsonValue& record : records->elements()) {
        const auto id = record.isObject() ? record.find("messageId") : std::nullopt;
        if (!id || !id->isString())
            return {};
        Message message{id->string()};
        const auto attributes = record.find("attributes");
        const auto count = attributes && attributes->isObject()
            ? attributes->find("ApproximateReceiveCount")
            : std::nullopt;
        if (count && count->isString()) {
            const std::string number = count->string();
            std::from_chars(number.data(), number.data() + number.size(), message.receives);
        }
        messages.push_back(std::move(message));
    }
    return messages;
}

QString failedText(const Message& message, const QueueStore* queue)
{
    if (!queue || queue->maxReceives == 0)
        return tr("failed: comes again when its visibility timeout is over");
    if (message.receives >= queue->maxReceives)
        return tr("failed, receive %1 of %2: to “%3”")
            .arg(message.receives)
            .arg(queue->maxReceives)
            .arg(text(queue->deadLetters));
    return tr("failed, receive %1 of %2: comes again")
        .arg(message.receives)
        .arg(queue->maxReceives);
}

LifeStage messagesStage(const session::Answer& answer, const QueueTrigger& trigger,
                        const QueueStore* queue, const std::vector<Message>& messages)
{
    LifeStage stage{.name = tr("Messages")};
    const bool succeeded = !answer.throttled && answer.outcome == engine::Outcome::Succeeded;
    std::vector<std::string> ids;
    for (const Message& message : messages)
        ids.push_back(message.id);
    BatchAnswer said;
    if (succeeded && trigger.reportBatchItemFailures)
        said = readBatchAnswer(answer.payload, ids);
    std::size_t failed = 0;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const bool ok = succeeded && said.kind != BatchAnswer::Kind::Unusable
            && !std::ranges::binary_search(said.failed, i);
        failed += ok ? 0 : 1;
        if (stage.rows.size() < kMostMessages)
            stage.rows.append({.name = text(messages[i].id).left(13),
                               .value = ok ? tr("done, deleted") : failedText(messages[i], queue)});
    }
    const QString counts = tr("%1 of “%2”: %3 done, %4 failed.")
                               .arg(messagesText(messages.size()), text(trigger.store),
                                    countText(messages.size() - failed), countText(failed));
    if (failed > 0)
        stage.headline = counts;
    stage.note = said.problem.empty() ? counts
                                      : counts + QLatin1Char('\n')
            + tr("The answer cannot be used, so the whole batch has failed: %1.")
                  .arg(text(said.problem));
    return stage;
}

} // namespace

QList<LifeStage> eventStages(const session::Snapshot& snapshot, const session::Answer& answer,
                             const std::string& function, const std::string& event)
{
    QList<LifeStage> stages;
    if (answer.refused || !snapshot.workspace)
        return stages;
    const Trigger* trigger = snapshot.workspace->findTrigger(answer.source);
    if (const auto* queue = trigger ? std::get_if<QueueTrigger>(&trigger->kind) : nullptr) {
        const Store* store = snapshot.workspace->findStore(queue->store);
        const std::vector<Message> messages = messagesOf(event);
        if (!messages.empty())
            stages.append(messagesStage(
                answer, *queue, store ? std::get_if<QueueStore>(&store->kind) : nullptr, messages));
        return stages;
    }
    const std::vector<AttemptRow> attempts = attemptsOf(snapshot, answer.requestId);
    const Function* found = snapshot.workspace->findFunction(function);
    if (attempts.empty() || !found || (attempts.back().flags & history::kAsync) == 0)
        return stages; // a caller waited: there was one attempt, and its answer was the caller's
    stages.append(attemptsStage(attempts, snapshot.sandbox));
    stages.append(endStage(attempts.back(), *found));
    return stages;
}

} // namespace coldframe::ui

#include "ui/queues/message_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <cmath>

#include "ui/editor/json_format.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("Queues", source);
}

QString lengthText(qint64 seconds)
{
    if (seconds < 120)
        return tr("%1 s").arg(seconds);
    return seconds < 7200 ? tr("%1 min").arg(seconds / 60) : tr("%1 h").arg(seconds / 3600);
}

QDateTime localTimeOf(TimePoint at)
{
    using std::chrono::milliseconds;
    return QDateTime::fromMSecsSinceEpoch(
        std::chrono::duration_cast<milliseconds>(at.time_since_epoch()).count());
}

QStringList readersOf(const Workspace& workspace, const std::string& queue)
{
    QStringList readers;
    for (const Trigger& trigger : workspace.triggers)
        if (const auto* read = std::get_if<QueueTrigger>(&trigger.kind);
            read && read->store == queue)
            readers << tr("The trigger “%1” hands its messages to “%2”.")
                           .arg(text(trigger.name), text(trigger.function));
    return readers;
}

} // namespace

QString stateText(const session::MessageView& message, TimePoint now)
{
    const auto left = static_cast<qint64>(std::ceil(toSeconds(message.visibleAt - now)));
    if (message.inFlight)
        return left > 0 ? tr("in flight, %1").arg(lengthText(left)) : tr("in flight");
    return left > 0 ? tr("delayed, %1").arg(lengthText(left)) : tr("visible");
}

QString sentText(TimePoint at, TimePoint now)
{
    const QDateTime sent = localTimeOf(at);
    if (sent.date() == localTimeOf(now).date())
        return clockText(at);
    return QLocale().toString(sent, QStringLiteral("d MMM HH:mm"));
}

QString senderText(const session::MessageView& message)
{
    if (message.sender == "send")
        return tr("by hand");
    return message.sender == "sqs" ? tr("network") : text(message.sender);
}

QString oneLine(QString text)
{
    for (QChar& c : text)
        if (c.unicode() < 0x20)
            c = QLatin1Char(' ');
    return text.simplified();
}

QString messagesText(std::uint64_t count)
{
    return count == 1 ? tr("1 message") : tr("%1 messages").arg(countText(count));
}

QString depthText(const engine::QueueCounts& counts)
{
    QStringList parts{messagesText(counts.depth())};
    if (counts.inFlight > 0)
        parts << tr("%1 in flight").arg(countText(counts.inFlight));
    if (counts.delayed > 0)
        parts << tr("%1 delayed").arg(countText(counts.delayed));
    return parts.join(QStringLiteral(" · "));
}

QString rulesText(const QueueStore& queue)
{
    QStringList parts{queue.fifo ? tr("FIFO queue") : tr("standard queue")};
    parts << tr("hidden for %1 once received").arg(lengthText(queue.visibilityTimeoutS));
    if (queue.delayS > 0)
        parts << tr("delayed by %1").arg(lengthText(queue.delayS));
    if (!queue.deadLetters.empty())
        parts << (queue.maxReceives == 1
                      ? tr("after 1 receive to “%1”").arg(text(queue.deadLetters))
                      : tr("after %1 receives to “%2”")
                            .arg(countText(std::uint64_t(queue.maxReceives)),
                                 text(queue.deadLetters)));
    return parts.join(QStringLiteral(" · "));
}

std::vector<const Store*> feedersOf(const Workspace& workspace, const std::string& queue)
{
    std::vector<const Store*> feeders;
    for (const Store& store : workspace.stores)
        if (const auto* feeder = std::get_if<QueueStore>(&store.kind);
            feeder && feeder->deadLetters == queue)
            feeders.push_back(&store);
    return feeders;
}

QString deadLettersText(const Workspace& workspace, const std::string& queue)
{
    QStringList lines;
    for (const Store* store : feedersOf(workspace, queue)) {
        const int most = std::get<QueueStore>(store->kind).maxReceives;
        lines << (most == 1 ? tr("Dead letters of “%1”: messages come here when the one receive "
                                 "there ended without success.")
                                  .arg(text(store->name))
                            : tr("Dead letters of “%1”: messages come here when they were "
                                 "received %2 times there without success.")
                                  .arg(text(store->name), countText(std::uint64_t(most))));
    }
    return lines.join(QLatin1Char('\n'));
}

QString emptyQueueText(const Workspace& workspace, const Store& store)
{
    const QString name = text(store.name);
    if (!feedersOf(workspace, store.name).empty())
        return tr("“%1” is empty: no message was given up.").arg(name);
    QString said = tr("“%1” is empty.\n\nPress “New message…”, or let a function put its results "
                      "here: \"onSuccess\": {\"store\": \"%1\"}.")
                       .arg(name);
    const QStringList readers = readersOf(workspace, store.name);
    said += QStringLiteral("\n\n")
        + (readers.isEmpty()
               ? tr("No trigger reads it: add one of the kind “queue” to hand its messages to a "
                    "function.")
               : readers.join(QLatin1Char('\n')));
    return said;
}

QString shownBody(const std::string& body)
{
    const Result<JsonText> json = parseJson(body, {});
    return json ? text(formatJson(*json)).trimmed() : text(body);
}

std::string keptBody(const QString& edited, const std::string& before)
{
    std::string typed = edited.toStdString();
    const bool wasDense = before.find('\n') == std::string::npos && parseJson(before, {});
    if (!wasDense)
        return typed;
    const Result<JsonText> json = parseJson(typed, {});
    return json ? json->root().compact() : typed;
}

} // namespace coldframe::ui

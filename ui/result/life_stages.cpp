#include "ui/result/life_stages.h"

#include <QCoreApplication>

#include <algorithm>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("Life", source);
}

QString measured()
{
    return tr("measured");
}

QString modelled()
{
    return tr("modelled");
}

bool ran(const session::Answer& answer)
{
    return !answer.refused && !answer.throttled && !answer.accepted;
}

/// A figure without a bar.
LifeRow figure(const QString& name, const QString& value, const QString& origin = {})
{
    return {.name = name, .value = value, .origin = origin};
}

LifeRow span(const QString& name, Duration from, Duration length, const QString& origin,
             QColor Theme::*color)
{
    return {.name = name,
            .value = durationText(length),
            .origin = origin,
            .from = from,
            .length = length,
            .bar = true,
            .color = color};
}

LifeStage triggerStage(const session::Answer& answer)
{
    LifeStage stage{.name = tr("Trigger")};
    const QString source = answer.source.empty() ? tr("by hand or by a caller")
        : answer.source == "send"                ? tr("sent by hand")
        : answer.source == "api"                 ? tr("Invoke API")
                                                 : text(answer.source);
    stage.rows.append(figure(tr("From"), source));
    if (answer.acceptedAt != TimePoint{})
        stage.rows.append(figure(tr("Accepted"), clockText(answer.acceptedAt), measured()));
    if (answer.attempt > 1)
        stage.rows.append(figure(
            tr("Attempt"),
            answer.attemptsAllowed > 0
                ? tr("%1 of %2").arg(countText(answer.attempt), countText(answer.attemptsAllowed))
                : countText(answer.attempt),
            measured()));
    return stage;
}

/// From when the event was due to when its instance could take it; `at` moves on to there.
LifeStage scalingStage(const session::Answer& answer, Duration& at)
{
    LifeStage stage{.name = tr("Scaling"), .note = text(answer.reasonText)};
    const auto then
        = [&](const QString& name, Duration length, const QString& origin, QColor Theme::*color) {
              stage.rows.append(span(name, at, length, origin, color));
              at += length;
          };
    if (answer.queued > Duration::zero())
        then(tr("Queue"), answer.queued, measured(), &Theme::dim);
    if (answer.deskWait > Duration::zero())
        then(tr("Desk wait, not billed"), answer.deskWait, measured(), &Theme::dim);
    else if (answer.deskWaited)
        stage.rows.append(figure(tr("Desk wait, not billed"), tr("not timed")));
    if (ran(answer) && answer.cold) {
        then(tr("Sandbox"), answer.sandbox, modelled(), &Theme::idle);
        then(tr("Spawn"), answer.spawn, measured(), &Theme::initialising);
    }
    if (answer.init > Duration::zero())
        then(tr("Init"), answer.init, measured(), &Theme::initialising);
    if (const QString instance = instanceText(answer); !instance.isEmpty())
        stage.rows.append(figure(tr("Instance"), instance));
    return stage;
}

/// What it asked its stores for, by their S3 endpoint: a part of the handler's time, from its
/// start.
LifeStage retrievalStage(const session::Answer& answer, Duration at)
{
    LifeStage stage{.name = tr("Retrieval")};
    if (answer.stores.retrieval > Duration::zero())
        stage.rows.append(
            span(tr("Reading stores"), at, answer.stores.retrieval, measured(), &Theme::good));
    return stage;
}

LifeStage processingStage(const session::Answer& answer, Duration at)
{
    LifeStage stage{.name = tr("Processing")};
    stage.rows.append(span(tr("On this desk"), at, answer.desk, measured(), &Theme::busy));
    if (!answer.debugged)
        stage.rows.append(
            span(tr("On the platform"), at, answer.platform, modelled(), &Theme::accent));
    stage.rows.append(
        figure(tr("Memory"),
               tr("%1 of %2 MB").arg((answer.peakMemoryKb + 1023) / 1024).arg(answer.memoryMb),
               measured()));
    return stage;
}

/// "Files written 2, 14 KB": of those that are messages, or of the others. No row for none.
void addOutputs(LifeStage& stage, const QString& name, const StoreWork& stores,
                const QSet<QString>& queues, bool messages)
{
    std::uint64_t count = messages ? 0 : stores.moreOutputs, bytes = 0;
    for (const Output& output : stores.outputs) {
        if (queues.contains(text(output.store)) != messages)
            continue;
        ++count;
        bytes += output.bytes;
    }
    if (count > 0)
        stage.rows.append(
            figure(name, tr("%1, %2").arg(countText(count), bytesText(bytes)), measured()));
}

LifeStage outputStage(const session::Answer& answer, const QSet<QString>& queues)
{
    LifeStage stage{.name = tr("Output")};
    stage.rows.append(figure(tr("Outcome"), outcomeText(answer.outcome)));
    const bool succeeded = answer.outcome == engine::Outcome::Succeeded;
    stage.rows.append(figure(succeeded ? tr("Response") : tr("Error document"),
                             bytesText(answer.payload.size()), measured()));
    addOutputs(stage, tr("Files written"), answer.stores, queues, false);
    addOutputs(stage, tr("Messages sent"), answer.stores, queues, true);
    if (answer.stores.storing > Duration::zero())
        stage.rows.append(
            figure(tr("Writing stores"), durationText(answer.stores.storing), measured()));
    return stage;
}

LifeStage billingStage(const session::Answer& answer, Duration at)
{
    LifeStage stage{.name = tr("Billing")};
    if (answer.debugged) {
        stage.rows.append(figure(tr("Billed"), tr("nothing: held for a debugger")));
        return stage;
    }
    // Where init is billed too, the bar reaches back over it.
    const bool initToo
        = answer.init > Duration::zero() && answer.billed >= answer.init + answer.platform;
    stage.rows.append(span(tr("Billed"), initToo ? at - answer.init : at, answer.billed, modelled(),
                           &Theme::good));
    stage.rows.append(
        figure(tr("Cost per million"), dollarsText(answer.cost.toDollars() * 1e6), modelled()));
    return stage;
}

} // namespace

QString instanceText(const session::Answer& answer)
{
    if (!ran(answer) || answer.instance == 0)
        return {};
    const QString start = answer.cold ? tr("cold")
        : answer.provisioned          ? tr("provisioned")
                                      : tr("warm");
    return tr("i-%1 · %2").arg(answer.instance, 2, 10, QLatin1Char('0')).arg(start);
}

QList<LifeStage> lifeStages(const session::Answer& answer, const QSet<QString>& queues)
{
    QList<LifeStage> stages;
    if (answer.refused)
        return stages;
    const auto add = [&](const LifeStage& stage) {
        if (!stage.rows.isEmpty() || !stage.note.isEmpty())
            stages.append(stage);
    };
    Duration at{};
    add(triggerStage(answer));
    add(scalingStage(answer, at));
    if (!ran(answer))
        return stages;
    add(retrievalStage(answer, at));
    add(processingStage(answer, at));
    add(outputStage(answer, queues));
    add(billingStage(answer, at));
    return stages;
}

} // namespace coldframe::ui

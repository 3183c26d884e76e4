#pragma once

#include <QString>

#include "model/workspace.h"
#include "session/queue_view.h"

// Queues and messages in words.
namespace coldframe::ui {

/// "visible", "delayed, 12 s", "in flight, 24 s".
QString stateText(const session::MessageView& message, TimePoint now);
/// Time of day; with the day before it when it was another.
QString sentText(TimePoint at, TimePoint now);
/// The function that sent it, or "by hand", "network".
QString senderText(const session::MessageView& message);
/// Line ends and tabs as spaces: a cell has one line.
QString oneLine(QString text);

/// "12 messages · 3 in flight · 1 delayed"
QString depthText(const engine::QueueCounts& counts);
/// "12 messages"
QString messagesText(std::uint64_t count);
/// "FIFO queue · hidden for 30 s once received · after 2 receives to “dead”"
QString rulesText(const QueueStore& queue);
/// The queues whose dead letters come here.
std::vector<const Store*> feedersOf(const Workspace& workspace, const std::string& queue);
/// "Dead letters of “parts”: …"; empty for a queue that is none's dead-letter queue.
QString deadLettersText(const Workspace& workspace, const std::string& queue);
/// What an empty queue is for and how messages get there.
QString emptyQueueText(const Workspace& workspace, const Store& store);

/// JSON laid out for reading; what is none, as it is.
QString shownBody(const std::string& body);
/// What is kept of an edited body: as dense as it was before.
std::string keptBody(const QString& edited, const std::string& before);

} // namespace coldframe::ui

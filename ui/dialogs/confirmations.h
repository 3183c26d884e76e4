#pragma once

#include <string>

#include "session/snapshot.h"

class QWidget;

namespace coldframe::ui {

/// Before many events: a function that inherits an AWS profile can change a real account. True
/// when it does not, or when the user wants it.
bool confirmRealAccount(QWidget& window, const session::Snapshot& snapshot,
                        const std::string& function);
/// Before more attempts than one means to send by accident are sent again.
bool confirmSendAgain(QWidget& window, std::size_t count);

} // namespace coldframe::ui

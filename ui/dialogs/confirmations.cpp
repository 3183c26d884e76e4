#include "ui/dialogs/confirmations.h"

#include <QCoreApplication>
#include <QMessageBox>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kAskAbove = 100;

QString tr(const char* source)
{
    return QCoreApplication::translate("Confirmations", source);
}

} // namespace

bool confirmRealAccount(QWidget& window, const session::Snapshot& snapshot,
                        const std::string& function)
{
    const Function* found
        = snapshot.workspace ? snapshot.workspace->findFunction(function) : nullptr;
    if (!found || !found->inheritAws)
        return true;
    return QMessageBox::warning(
               &window, tr("Real AWS account"),
               tr("“%1” runs with the AWS profile “%2” and can change what is really there. Send "
                  "many events?")
                   .arg(text(function), text(*found->inheritAws)),
               QMessageBox::Yes | QMessageBox::Cancel, QMessageBox::Cancel)
        == QMessageBox::Yes;
}

bool confirmSendAgain(QWidget& window, std::size_t count)
{
    if (count <= kAskAbove)
        return true;
    return QMessageBox::question(&window, tr("Send again"),
                                 tr("Send %1 recorded events again?").arg(countText(count)),
                                 QMessageBox::Yes | QMessageBox::Cancel, QMessageBox::Cancel)
        == QMessageBox::Yes;
}

} // namespace coldframe::ui

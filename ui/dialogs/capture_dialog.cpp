#include "ui/dialogs/capture_dialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/support/format.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

CaptureDialog::CaptureDialog(const session::CaptureRequest& request, const QString& place,
                             QWidget* parent)
    : QDialog(parent)
{
    const bool removal = request.what == session::CaptureRequest::What::Remove;
    setWindowTitle(removal ? tr("Remove the capture") : tr("Install the capture"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    auto* what = new QLabel(
        removal
            ? tr("This removes what captures the changes of %1. It runs once you agree:").arg(place)
            : tr("Changes of %1 are captured by what this SQL installs in the database. It can be "
                 "removed again. It runs once you agree:")
                  .arg(place),
        this);
    what->setWordWrap(true);
    column->addWidget(what);
    auto* sql = new QPlainTextEdit(this);
    sql->setObjectName(QStringLiteral("sql"));
    sql->setAccessibleName(tr("SQL"));
    sql->setProperty("field", true);
    sql->setReadOnly(true);
    sql->setFont(codeFont(8.5));
    sql->setLineWrapMode(QPlainTextEdit::NoWrap);
    QString script;
    for (const std::string& statement : request.agreed.statements)
        script += text(statement) + QStringLiteral(";\n");
    sql->setPlainText(script);
    sql->setMinimumSize(640, 260);
    column->addWidget(sql, 1);
    for (const std::string& warning : request.agreed.warnings) {
        auto* line = new QLabel(tr("Note: %1").arg(text(warning)), this);
        line->setWordWrap(true);
        column->addWidget(line);
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton* agree
        = buttons->addButton(removal ? tr("Remove") : tr("Install"), QDialogButtonBox::AcceptRole);
    agree->setAutoDefault(false);
    QPushButton* cancel = buttons->button(QDialogButtonBox::Cancel);
    cancel->setDefault(true);
    cancel->setFocus();
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

} // namespace coldframe::ui

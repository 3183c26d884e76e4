#pragma once

#include <QDialog>

#include "session/capture.h"

namespace coldframe::ui {

/// The consent to what is installed in somebody's database, or removed from it: shows the exact SQL
/// and what it costs. Nothing is agreed to by pressing Enter.
class CaptureDialog : public QDialog {
    Q_OBJECT
public:
    /// `place`: "orders in data/shop.db".
    CaptureDialog(const session::CaptureRequest& request, const QString& place,
                  QWidget* parent = nullptr);
};

} // namespace coldframe::ui

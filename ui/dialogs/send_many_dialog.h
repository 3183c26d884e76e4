#pragma once

#include <QDialog>

class QLabel;
class QSpinBox;

namespace coldframe::ui {

/// *Send ×N*: how many copies of the event at once.
class SendManyDialog : public QDialog {
    Q_OBJECT
public:
    SendManyDialog(const QString& function, quint32 limit, QWidget* parent = nullptr);
    quint64 count() const;

private:
    void preview();

    QString m_function;
    quint32 m_limit; ///< concurrency open to the function; 0: unknown
    QSpinBox* m_count;
    QLabel* m_preview;
};

} // namespace coldframe::ui

#pragma once

#include <QDialog>

#include "session/session.h"

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QSpinBox;

namespace coldframe::ui {

/// *Send at rate*: a stream of events, evenly, by chance, rising, or in bursts.
class SendRateDialog : public QDialog {
    Q_OBJECT
public:
    explicit SendRateDialog(const QString& function, QWidget* parent = nullptr);

    session::SendPlan plan() const;
    void setPlan(const session::SendPlan& plan);
    /// Shown when the session refused the plan; the dialog is then asked again.
    void setProblem(const QString& problem);

private:
    void buildFields(QFormLayout* form);
    void shapeChanged();
    void preview();

    QString m_function;
    QComboBox* m_shape;
    QDoubleSpinBox *m_rate, *m_toRate, *m_seconds;
    QSpinBox* m_burst;
    QFormLayout* m_form;
    QLabel *m_preview, *m_problem;
};

/// What a plan will do, in one sentence, and how many events it is expected to send.
QString planSentence(const session::SendPlan& plan, const QString& function);
double expectedEvents(const session::SendPlan& plan);

} // namespace coldframe::ui

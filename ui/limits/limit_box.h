#pragma once

#include <QSpinBox>
#include <QTimer>

namespace coldframe::ui {

/// A number that takes effect elsewhere, so it is told once: on Enter, when the focus leaves, or
/// after a short pause of stepping; not for every digit. Its lowest value may stand for "none".
/// Esc takes back what is not told yet. The wheel turns it only when it has the focus.
class LimitBox : public QSpinBox {
    Q_OBJECT
public:
    static constexpr int kPauseMs = 500; ///< of stepping

    explicit LimitBox(QWidget* parent = nullptr);

    /// Shows what is in force, unless somebody is about to change it.
    void setInForce(int value);
    int inForce() const { return m_inForce; }
    /// Whether somebody is at it: typed or stepped and not told yet, or told and refused.
    bool isTouched() const;
    /// What was told last is not taken: it stays to be put right, or taken back.
    void setRefused();
    /// The word for the lowest value, which may be typed as well; or nothing.
    void setNone(const QString& word) { setSpecialValueText(word); }
    /// Shows what is in force, whatever was typed.
    void revert();

Q_SIGNALS:
    void chosen(int value);
    void reverted();

protected:
    bool event(QEvent* event) override;
    QValidator::State validate(QString& input, int& pos) const override;
    int valueFromText(const QString& text) const override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void tell();
    bool isNone(const QString& text) const;

    QTimer m_pause;
    int m_inForce = 0;
    int m_told = 0; ///< last value that was told, so that none is told twice
    bool m_refused = false;
};

} // namespace coldframe::ui

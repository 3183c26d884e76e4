#pragma once

#include <QLineEdit>

#include <functional>
#include <optional>
#include <string>

#include "engine/configuration.h"

namespace coldframe::ui {

/// A setting that a person can change: how it is called here and to `--set`.
struct ReplaySetting {
    const char* path; ///< "pool.keepAliveS"; of a function, what stands after its name
    QString title; ///< "Keep-alive, s"
    QString help; ///< what it does
    /// The recorded value as --set would write it; nothing where no single number says it.
    std::optional<std::string> (*recorded)(const engine::Configuration&, std::size_t function);
};

/// Of the run, and of each function, in the order they are shown; without those that are chosen
/// from a list.
std::vector<ReplaySetting> runReplaySettings();
std::vector<ReplaySetting> functionReplaySettings();

/// A field of one setting: empty, it stays as recorded, and says so.
class ReplayField : public QLineEdit {
    Q_OBJECT
public:
    explicit ReplayField(ReplaySetting setting, QWidget* parent = nullptr);

    const ReplaySetting& setting() const { return m_setting; }
    void setRecorded(const engine::Configuration& configuration, std::size_t function);
    /// What it does, what it may be, and what it was.
    QString help() const;
    void setProblem(bool problem);
    static QString none(); ///< what is typed and shown for "null"

Q_SIGNALS:
    void entered(); ///< the focus came

protected:
    void focusInEvent(QFocusEvent* event) override;

private:
    ReplaySetting m_setting;
    QString m_recorded;
};

} // namespace coldframe::ui

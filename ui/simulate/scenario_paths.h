#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <string>

// What a scenario's text says and what of it can be set, without its meaning.
namespace coldframe::ui {

/// Dotted paths that a sweep can vary: the plain values that stand in the text, and those that
/// people vary most, whether they stand there or not. Empty while the text is no JSON.
QStringList settablePaths(const std::string& text);

/// Values to begin a sweep of this setting with, as they are typed.
QString valuesToTry(const QString& path, const std::string& text);

/// The settings that have controls of their own; nothing where the text does not say.
struct QuickSettings {
    std::optional<std::int64_t> seed, replications;
    std::optional<double> durationS;
};
/// Nothing while the text is no JSON object.
std::optional<QuickSettings> quickSettingsOf(const std::string& text);

/// "24 h", "90 s", "2 d": whole numbers of the largest unit that fits.
QString spanText(double seconds);
/// The reverse; a number alone is seconds.
std::optional<double> spanOf(const QString& text);

} // namespace coldframe::ui

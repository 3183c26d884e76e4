#include "ui/support/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

#include "engine/action.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source, int n = -1)
{
    return QCoreApplication::translate("Format", source, nullptr, n);
}

QString fixed(double value, int digits)
{
    return QLocale().toString(value, 'f', digits);
}

QDateTime localTime(TimePoint at)
{
    using std::chrono::milliseconds;
    return QDateTime::fromMSecsSinceEpoch(
        std::chrono::duration_cast<milliseconds>(at.time_since_epoch()).count());
}

} // namespace

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QString sentences(const std::string& message, const std::string& hint)
{
    QString said = text(message).trimmed(), next = text(hint).trimmed();
    if (said.isEmpty() || next.isEmpty())
        return said + next;
    const auto ends = [](QChar last) { return QStringLiteral(".!?…:").contains(last); };
    if (!ends(said.back()))
        said += QLatin1Char('.');
    // A word, and no name of a key or a program, which is written as it is.
    const qsizetype space = next.indexOf(QLatin1Char(' '));
    const QString first = next.left(space < 0 ? next.size() : space);
    const auto small = [](QChar c) { return c.isLower() || c == u',' || c == u':' || c == u';'; };
    if (first.front().isLower() && std::ranges::all_of(first, small))
        next[0] = next[0].toUpper();
    if (!ends(next.back()))
        next += QLatin1Char('.');
    return said + QLatin1Char(' ') + next;
}

QString durationText(Duration duration)
{
    const double ms = toMilliseconds(duration);
    if (ms < 10.0)
        return tr("%1 ms").arg(fixed(ms, 2));
    if (ms < 1'000.0)
        return tr("%1 ms").arg(fixed(ms, 1));
    if (ms < 60'000.0)
        return tr("%1 s").arg(fixed(ms / 1'000.0, 2));
    const auto seconds = static_cast<qint64>(ms / 1'000.0);
    return tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
}

QString untilText(Duration duration)
{
    const double seconds = toSeconds(duration);
    if (seconds < 1.0)
        return tr("now");
    const auto in = [](const char* unit, double amount) {
        return tr(unit).arg(QLocale().toString(static_cast<qint64>(std::round(amount))));
    };
    if (seconds < 90.0)
        return in(QT_TRANSLATE_NOOP("Format", "in %1 s"), seconds);
    if (seconds < 90.0 * 60.0)
        return in(QT_TRANSLATE_NOOP("Format", "in %1 min"), seconds / 60.0);
    if (seconds < 36.0 * 3600.0)
        return in(QT_TRANSLATE_NOOP("Format", "in %1 h"), seconds / 3600.0);
    return in(QT_TRANSLATE_NOOP("Format", "in %1 d"), seconds / 86400.0);
}

QString agoText(TimePoint at, TimePoint now)
{
    const double seconds = toSeconds(now - at);
    if (seconds < 2.0) // also what comes from a clock that is a little ahead
        return seconds > -60.0 ? tr("just now") : dayText(at);
    const auto ago = [](const char* unit, double amount) {
        return tr(unit).arg(QLocale().toString(static_cast<qint64>(amount)));
    };
    if (seconds < 60.0)
        return ago(QT_TRANSLATE_NOOP("Format", "%1 s ago"), seconds);
    if (seconds < 3600.0)
        return ago(QT_TRANSLATE_NOOP("Format", "%1 min ago"), seconds / 60.0);
    if (seconds < 86400.0)
        return ago(QT_TRANSLATE_NOOP("Format", "%1 h ago"), seconds / 3600.0);
    if (seconds < 7 * 86400.0)
        return ago(QT_TRANSLATE_NOOP("Format", "%1 d ago"), seconds / 86400.0);
    return QLocale().toString(localTime(at).date(), QLocale::ShortFormat);
}

QString clockText(TimePoint at)
{
    return localTime(at).toString(QStringLiteral("HH:mm:ss"));
}

QString dayText(TimePoint at)
{
    return QLocale().toString(localTime(at), QStringLiteral("ddd d MMM HH:mm:ss"));
}

QString bytesText(std::uint64_t bytes)
{
    const auto size = static_cast<double>(bytes);
    constexpr double kKilo = 1024.0;
    if (size < kKilo)
        return tr("%1 B").arg(QLocale().toString(static_cast<qulonglong>(bytes)));
    if (size < kKilo * kKilo)
        return tr("%1 KB").arg(fixed(size / kKilo, 0));
    if (size < kKilo * kKilo * kKilo)
        return tr("%1 MB").arg(fixed(size / (kKilo * kKilo), size < 10 * kKilo * kKilo ? 1 : 0));
    return tr("%1 GB").arg(fixed(size / (kKilo * kKilo * kKilo), 1));
}

QString countText(std::uint64_t count)
{
    return QLocale().toString(static_cast<qulonglong>(count));
}

QString rateText(double perSecond)
{
    return tr("%1 /s").arg(fixed(perSecond, perSecond > 0.0 && perSecond < 9.95 ? 1 : 0));
}

QString dollarsText(double dollars)
{
    if (dollars == 0.0)
        return tr("$0");
    const double size = std::abs(dollars);
    int digits = 2;
    while (digits < 10 && size < 100.0 * std::pow(10.0, -digits))
        ++digits; // three figures that say something
    return tr("$%1").arg(fixed(dollars, size >= 1.0 ? 2 : digits));
}

QString outcomeText(engine::Outcome outcome)
{
    switch (outcome) {
    case engine::Outcome::Succeeded:
        return tr("Succeeded");
    case engine::Outcome::FunctionError:
        return tr("Function error");
    case engine::Outcome::TimedOut:
        return tr("Timed out");
    case engine::Outcome::Crashed:
        return tr("Crashed");
    case engine::Outcome::OutOfMemory:
        return tr("Out of memory");
    case engine::Outcome::InitError:
        return tr("Init failed");
    case engine::Outcome::ResponseTooLarge:
        return tr("Response too large");
    case engine::Outcome::InvalidResponse:
        return tr("Invalid response");
    case engine::Outcome::Cancelled:
        return tr("Cancelled");
    }
    return {};
}

Tone outcomeTone(engine::Outcome outcome)
{
    if (outcome == engine::Outcome::Succeeded)
        return Tone::Good;
    return outcome == engine::Outcome::Cancelled ? Tone::Neutral : Tone::Bad;
}

} // namespace coldframe::ui

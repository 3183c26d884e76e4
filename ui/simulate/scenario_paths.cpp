#include "ui/simulate/scenario_paths.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <cmath>

#include "model/json_text.h"

namespace coldframe::ui {

namespace {

using Kind = JsonValue::Kind;

struct SpanUnit {
    const char* name;
    double seconds;
};
constexpr SpanUnit kUnits[] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};

/// A name with dots, or one that is empty, is written in quotes.
QString step(const std::string& key)
{
    const QString name = QString::fromStdString(key);
    return name.isEmpty() || name.contains(QLatin1Char('.')) || name.contains(QLatin1Char('='))
        ? QLatin1Char('"') + name + QLatin1Char('"')
        : name;
}

void addPlain(const JsonValue& value, const QString& path, QStringList& paths)
{
    if (value.isObject())
        for (const JsonMember& member : value.members())
            addPlain(member.value,
                     path.isEmpty() ? step(member.key) : path + QLatin1Char('.') + step(member.key),
                     paths);
    else if (!value.isArray())
        paths << path;
}

std::optional<JsonValue> rootOf(const Result<JsonText>& json)
{
    return json && json->root().isObject() ? std::optional(json->root()) : std::nullopt;
}

/// The value at a dotted path, if it stands in the text.
std::optional<JsonValue> valueAt(const JsonValue& root, const QString& path)
{
    std::optional<JsonValue> at = root;
    static const QRegularExpression kStep(QStringLiteral("\"([^\"]*)\"|[^.]+"));
    for (auto match = kStep.globalMatch(path); match.hasNext();) {
        const QRegularExpressionMatch one = match.next();
        const QString key = one.hasCaptured(1) ? one.captured(1) : one.captured();
        at = at && at->isObject() ? at->find(key.toStdString()) : std::nullopt;
    }
    return at;
}

} // namespace

QStringList settablePaths(const std::string& text)
{
    const auto json = parseJson(text, "");
    const auto root = rootOf(json);
    if (!root)
        return {};
    QStringList often, plain;
    if (const auto functions = root->find("functions"); functions && functions->isObject())
        for (const JsonMember& function : functions->members())
            for (const char* setting :
                 {"memoryMb", "reservedConcurrency", "provisionedConcurrency"})
                often << QStringLiteral("functions.%1.%2")
                             .arg(step(function.key), QLatin1String(setting));
    often << QStringLiteral("pool.keepAliveS") << QStringLiteral("pool.dispatch")
          << QStringLiteral("pool.maxInstances") << QStringLiteral("pool.instanceConcurrency")
          << QStringLiteral("accountConcurrency") << QStringLiteral("platform");
    addPlain(*root, QString(), plain);
    for (const char* fixed : {"$schema", "format", "name", "seed", "replications"})
        plain.removeAll(QLatin1String(fixed));
    for (const QString& path : plain)
        if (!often.contains(path))
            often << path;
    return often;
}

QString valuesToTry(const QString& path, const std::string& text)
{
    if (path.endsWith(QStringLiteral(".memoryMb")))
        return QStringLiteral("128,256,512,1024,2048");
    if (path.endsWith(QStringLiteral("provisionedConcurrency")))
        return QStringLiteral("0,1,2,5,10");
    if (path.endsWith(QStringLiteral("oncurrency"))
        || path.endsWith(QStringLiteral("maxInstances")))
        return QStringLiteral("5,10,20,50,100");
    if (path == QStringLiteral("pool.keepAliveS"))
        return QStringLiteral("60,300,600,1800,3600");
    if (path == QStringLiteral("pool.dispatch"))
        return QStringLiteral("most-recently-used,least-recently-used,random");
    if (path == QStringLiteral("platform"))
        return QStringLiteral("aws-lambda-x86_64,aws-lambda-arm64");
    const auto json = parseJson(text, "");
    const auto root = rootOf(json);
    const auto value = root ? valueAt(*root, path) : std::nullopt;
    if (!value || value->kind() != Kind::Number || value->number() <= 0)
        return {};
    QStringList tries;
    for (const double times : {0.5, 1.0, 2.0, 4.0}) {
        const double number = value->number() * times;
        tries << QString::number(value->integer() ? std::ceil(number) : number, 'g', 12);
    }
    return tries.join(QLatin1Char(','));
}

std::optional<QuickSettings> quickSettingsOf(const std::string& text)
{
    const auto json = parseJson(text, "");
    const auto root = rootOf(json);
    if (!root)
        return std::nullopt;
    QuickSettings settings;
    const auto number = [&](const char* key) {
        const auto value = root->find(key);
        return value && value->kind() == Kind::Number ? value : std::nullopt;
    };
    if (const auto seed = number("seed"))
        settings.seed = seed->integer();
    if (const auto replications = number("replications"))
        settings.replications = replications->integer();
    if (const auto duration = number("durationS"))
        settings.durationS = duration->number();
    return settings;
}

QString spanText(double seconds)
{
    for (const SpanUnit& unit : kUnits)
        if (const double amount = seconds / unit.seconds;
            amount >= 1 && amount == std::round(amount) && (unit.seconds < 86400 || amount >= 2))
            return QStringLiteral("%1 %2").arg(QLocale().toString(amount, 'f', 0),
                                               QLatin1String(unit.name));
    return QStringLiteral("%1 s").arg(QLocale().toString(seconds, 'g', 12));
}

std::optional<double> spanOf(const QString& text)
{
    static const QRegularExpression kSpan(QStringLiteral(R"(^\s*(.*?)\s*(d|h|min|s)?\s*$)"));
    const QRegularExpressionMatch match = kSpan.match(text);
    bool right = false;
    double amount = QLocale().toDouble(match.captured(1), &right);
    if (!right)
        amount = match.captured(1).toDouble(&right); // as the file writes it
    if (!right || !(amount > 0))
        return std::nullopt;
    for (const SpanUnit& unit : kUnits)
        if (match.captured(2) == QLatin1String(unit.name))
            return amount * unit.seconds;
    return amount;
}

} // namespace coldframe::ui

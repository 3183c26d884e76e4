#include "ui/theme/style_sheet.h"

#include <QFile>
#include <QHash>
#include <QRegularExpression>

namespace coldframe::ui {

namespace {

/// `share` of `over` laid on `under`.
QColor blend(const QColor& over, const QColor& under, float share)
{
    const auto mix = [share](float a, float b) { return a * share + b * (1.0F - share); };
    return QColor::fromRgbF(mix(over.redF(), under.redF()), mix(over.greenF(), under.greenF()),
                            mix(over.blueF(), under.blueF()));
}

QHash<QString, QString> tokensOf(const Theme& theme)
{
    QHash<QString, QString> tokens;
    const auto set = [&tokens](const char* name, const QColor& color) {
        tokens.insert(QLatin1String(name), color.name());
    };
    set("background", theme.background);
    set("panel", theme.panel);
    set("card", theme.card);
    set("border", theme.border);
    set("text", theme.text);
    set("dim", theme.dim);
    set("accent", theme.accent);
    set("accentSoft", theme.accentSoft);
    set("onAccent", theme.onAccent);
    set("hover", theme.hover);
    set("selection", theme.selection);
    set("warningSoft", theme.warningSoft);
    set("bad", theme.bad);
    set("badSoft", theme.badSoft);
    set("accentHover", blend(theme.text, theme.accent, 0.12F));
    set("accentEdge", blend(theme.accent, theme.accentSoft, 0.35F));
    set("warningEdge", blend(theme.warning, theme.warningSoft, 0.35F));
    set("badEdge", blend(theme.bad, theme.badSoft, 0.35F));
    set("scroll", blend(theme.dim, theme.card, 0.35F));
    tokens.insert(QStringLiteral("icons"), QStringLiteral(":/icons"));
    tokens.insert(QStringLiteral("variant"),
                  theme.dark ? QStringLiteral("dark") : QStringLiteral("light"));
    return tokens;
}

} // namespace

QString styleSheetOf(const Theme& theme)
{
    QFile file(QStringLiteral(":/themes/workbench.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString sheet = QString::fromUtf8(file.readAll());
    const QHash<QString, QString> tokens = tokensOf(theme);

    static const QRegularExpression name(QStringLiteral("@([A-Za-z]+)"));
    QString filled;
    qsizetype done = 0;
    for (auto found = name.globalMatch(sheet); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        filled += sheet.mid(done, match.capturedStart() - done);
        filled += tokens.value(match.captured(1), match.captured(0));
        done = match.capturedEnd();
    }
    return filled + sheet.mid(done);
}

} // namespace coldframe::ui

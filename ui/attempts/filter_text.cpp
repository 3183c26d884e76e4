#include "ui/attempts/filter_text.h"

#include <QCoreApplication>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("AttemptFilter", source);
}

} // namespace

QString problemText(const FilterProblem& problem)
{
    using Kind = FilterProblem::Kind;
    const QString term = text(problem.term);
    switch (problem.kind) {
    case Kind::UnknownKey:
        return tr("“%1”: there is no such filter. Use fn, status, cold, start, trigger, id, "
                  "instance with “:”, or dur, desk, init, wait, mem, cost with “>” or “<”.")
            .arg(term);
    case Kind::UnknownStatus:
        return tr("“%1”: there is no such status. Use ok, error, exception, timeout, crashed, "
                  "memory, init, response, cancelled, throttled or expired.")
            .arg(term);
    case Kind::UnknownStart:
        return tr("“%1”: a start is cold, warm, provisioned or none.").arg(term);
    case Kind::NotYesOrNo:
        return tr("“%1”: write cold:yes or cold:no.").arg(term);
    case Kind::NoValue:
        return tr("“%1”: a value is missing after it.").arg(term);
    case Kind::NotADuration:
        return tr("“%1”: not a duration. Write for example 500ms, 1.5s, 80us or 2min.").arg(term);
    case Kind::NotASize:
        return tr("“%1”: not a size. Write for example 400mb, 64kb or 1gb.").arg(term);
    case Kind::NotAnAmount:
        return tr("“%1”: not an amount. Write dollars for a million attempts, for example "
                  "cost>1.50.")
            .arg(term);
    case Kind::NeedsComparison:
        return tr("“%1”: write > or < instead of “:”, for example dur>500ms.").arg(term);
    case Kind::OpenQuote:
        return tr("%1: the closing quote is missing.").arg(term);
    case Kind::TooMany:
        return tr("A filter holds %1 terms at most.").arg(AttemptFilter::kMaxTerms);
    }
    return {};
}

QString filterHelp()
{
    return tr("<table>"
              "<tr><td><b>fn:thumb*</b></td><td>function; a part of the name is enough</td></tr>"
              "<tr><td><b>status:error,timeout</b></td><td>any of these endings</td></tr>"
              "<tr><td><b>cold:yes</b></td><td>cold starts only; also start:warm</td></tr>"
              "<tr><td><b>dur&gt;500ms</b></td><td>platform time; also desk, init, wait</td></tr>"
              "<tr><td><b>mem&gt;400mb cost&lt;2</b></td><td>memory, $ / million</td></tr>"
              "<tr><td><b>trigger:on-upload id:7f5c instance:i-07</b></td><td></td></tr>"
              "<tr><td><b>-fn:audit</b></td><td>a minus turns a term round</td></tr>"
              "<tr><td><b>\"free text\"</b></td><td>in function, trigger or request id</td></tr>"
              "</table>");
}

} // namespace coldframe::ui

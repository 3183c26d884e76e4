#include "ui/tests_view/test_state.h"

#include <QCoreApplication>
#include <QStringList>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

QString tr(const char* source)
{
    return QCoreApplication::translate("Tests", source);
}

QString count(const QString& sentence, int number)
{
    return sentence.arg(countText(static_cast<std::uint64_t>(number)));
}

} // namespace

QString stateText(TestState state)
{
    switch (state) {
    case TestState::Running:
        return tr("running");
    case TestState::Passed:
        return tr("passed");
    case TestState::Failed:
        return tr("failed");
    case TestState::Broken:
        return tr("broken");
    case TestState::NothingExpected:
        return tr("nothing expected");
    case TestState::NotRun:
        break;
    }
    return tr("not run");
}

Tone stateTone(TestState state)
{
    switch (state) {
    case TestState::Running:
        return Tone::Accent;
    case TestState::Passed:
        return Tone::Good;
    case TestState::Failed:
        return Tone::Bad;
    case TestState::Broken:
        return Tone::Warning;
    case TestState::NotRun:
    case TestState::NothingExpected:
        break;
    }
    return Tone::Neutral;
}

TestState TestRow::state() const
{
    if (running)
        return TestState::Running;
    if (!test.errors.empty())
        return TestState::Broken; // as running it would say
    if (!test.expectation)
        return TestState::NothingExpected;
    if (!result)
        return TestState::NotRun;
    switch (result->outcome) {
    case session::TestOutcome::Passed:
        return TestState::Passed;
    case session::TestOutcome::Failed:
        return TestState::Failed;
    case session::TestOutcome::Broken:
        return TestState::Broken;
    case session::TestOutcome::NotRun:
    case session::TestOutcome::NothingExpected:
        break;
    }
    return TestState::NotRun;
}

bool TestRow::ran() const
{
    return test.errors.empty() && result && !running
        && result->outcome != session::TestOutcome::NotRun;
}

TestTally tallyOf(const std::vector<TestRow>& rows)
{
    TestTally tally;
    for (const TestRow& row : rows)
        switch (row.state()) {
        case TestState::Passed:
            ++tally.passed;
            break;
        case TestState::Failed:
            ++tally.failed;
            break;
        case TestState::Broken:
            ++tally.broken;
            break;
        case TestState::NothingExpected:
            ++tally.nothingExpected;
            break;
        case TestState::NotRun:
        case TestState::Running:
            ++tally.notRun;
            break;
        }
    return tally;
}

QString summaryText(const TestTally& tally)
{
    if (tally.tests() == 0)
        return {};
    if (tally.notRun == tally.tests())
        return tally.tests() == 1 ? tr("1 test, not run yet")
                                  : count(tr("%1 tests, not run yet"), tally.tests());
    QStringList parts{tr("%1 of %2 passed")
                          .arg(countText(static_cast<std::uint64_t>(tally.passed)),
                               countText(static_cast<std::uint64_t>(tally.tests())))};
    if (tally.failed > 0)
        parts << count(tr("%1 failed"), tally.failed);
    if (tally.broken > 0)
        parts << count(tr("%1 could not be judged"), tally.broken);
    if (tally.notRun > 0)
        parts << count(tr("%1 not run"), tally.notRun);
    return parts.join(QStringLiteral(", "));
}

QString detailText(const TestRow& row)
{
    if (!row.ran())
        return {};
    const QString took
        = tr("%1 on this machine").arg(durationText(row.result->took)); // sessions and copies, too
    if (row.result->outcome == session::TestOutcome::Broken || row.result->answer.throttled)
        return took;
    const session::Answer& answer = row.result->answer;
    QStringList parts{tr("%1 platform time, modelled").arg(durationText(answer.platform))};
    if (answer.init > Duration::zero())
        parts << tr("%1 init, measured").arg(durationText(answer.init));
    return (parts << took).join(QStringLiteral(" · "));
}

} // namespace coldframe::ui

#include <QTest>

#include "made_up_attempts.h"
#include "ui/attempts/attempt_filter.h"
#include "ui/attempts/filter_text.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;
using attempts_test::MadeUpRun;
using Kind = FilterProblem::Kind;

class TestAttemptFilter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void termsDecideOverARow_data();
    void termsDecideOverARow();
    void badTermsAreNamed_data();
    void badTermsAreNamed();
    void goodTermsAreKeptBesideABadOne();
    void namesMatchAsPeopleExpect_data();
    void namesMatchAsPeopleExpect();
    void anyTextIsHarmless();
    void everyProblemHasASentence();
    void filteringAMillionRows();
};

namespace {

/// A cold timeout of thumbnails, made by on-upload, with known figures.
history::AttemptRow coldTimeout()
{
    history::AttemptRow row;
    row.function = 0;
    row.trigger = 1;
    row.start = history::StartKind::Cold;
    row.ending = history::Ending::TimedOut;
    row.requestId = history::parseRequestId("7f5c0a52-6d0c-4f0e-8f0b-0d3f6a5a1b2c");
    row.instance = 7;
    row.init = 71'400us;
    row.desk = 171'300us;
    row.platform = 900ms;
    row.queued = 2s;
    row.peakMemoryKb = 187 * 1024;
    row.memoryMb = 512;
    row.costPicodollars = 4'230'000;
    return row;
}

} // namespace

void TestAttemptFilter::termsDecideOverARow_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char* filter, bool matches) {
        QTest::newRow(filter) << QString::fromUtf8(filter) << matches;
    };
    row("", true);
    row("fn:thumb*", true);
    row("fn:THUMB*", true);
    row("fn:nails", true);
    row("fn:thumb", true);
    row("fn:thumb?", false);
    row("fn:orders*,thumb*", true);
    row("-fn:thumb*", false);
    row("-fn:orders*", true);
    row("function:csv-etl", false);
    row("status:error", true);
    row("status:timeout", true);
    row("status:ok", false);
    row("status:ok,timeout", true);
    row("status:throttled", false);
    row("cold:yes", true);
    row("cold:no", false);
    row("start:cold", true);
    row("start:warm,provisioned", false);
    row("dur>500ms", true);
    row("dur>0.5s", true);
    row("dur>500", true);
    row("dur>900ms", false);
    row("dur>=900ms", true);
    row("dur<1s", true);
    row("dur<=899ms", false);
    row("dur=900ms", true);
    row("dur:>500ms", true);
    row("platform>0.01min", true);
    row("desk>171ms", true);
    row("desk<171300us", false);
    row("init>71ms init<72ms", true);
    row("wait>1s", true);
    row("mem>186mb", true);
    row("mem>187mb", false);
    row("mem<1gb", true);
    row("cost>4.2", true);
    row("cost>$4.23", false);
    row("trigger:on-*", true);
    row("trigger:send", false);
    row("id:7f5c", true);
    row("id:6d0c-4f0e", true);
    row("id:ffff", false);
    row("instance:i-07", true);
    row("instance:7", true);
    row("instance:i-7", true);
    row("instance:70", false);
    row("thumb", true);
    row("upload", true);
    row("6d0c", true);
    row("nothing-like-it", false);
    row("\"on-upload\"", true);
    row("\"on upload\"", false);
    row("fn:thumb* status:error cold:yes dur>500ms", true);
    row("fn:thumb* status:ok", false);
}

void TestAttemptFilter::termsDecideOverARow()
{
    QFETCH(QString, filter);
    QFETCH(bool, matches);

    const ParsedFilter parsed = parseAttemptFilter(filter.toStdString());
    QVERIFY2(!parsed.problem,
             qPrintable(parsed.problem ? problemText(*parsed.problem) : QString()));
    const auto workspace = MadeUpRun::workspace();
    QCOMPARE(AttemptMatcher(parsed.filter, workspace.get())(coldTimeout()), matches);
}

void TestAttemptFilter::badTermsAreNamed_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("term");
    const auto row = [](const char* filter, Kind kind, const char* term) {
        QTest::newRow(filter) << QString::fromUtf8(filter) << static_cast<int>(kind)
                              << QString::fromUtf8(term);
    };
    row("fm:thumb", Kind::UnknownKey, "fm:thumb");
    row("fn>thumb", Kind::UnknownKey, "fn>thumb");
    row("status:eror", Kind::UnknownStatus, "status:eror");
    row("fn:x status:ok,bad", Kind::UnknownStatus, "status:ok,bad");
    row("start:hot", Kind::UnknownStart, "start:hot");
    row("cold:maybe", Kind::NotYesOrNo, "cold:maybe");
    row("fn:", Kind::NoValue, "fn:");
    row("fn:,", Kind::NoValue, "fn:,");
    row("dur>", Kind::NoValue, "dur>");
    row("dur>fast", Kind::NotADuration, "dur>fast");
    row("dur>500mb", Kind::NotADuration, "dur>500mb");
    row("dur>-5ms", Kind::NotADuration, "dur>-5ms");
    row("dur>nan", Kind::NotADuration, "dur>nan");
    row("dur>1e300s", Kind::NotADuration, "dur>1e300s");
    row("mem>big", Kind::NotASize, "mem>big");
    row("cost>much", Kind::NotAnAmount, "cost>much");
    row("dur:500ms", Kind::NeedsComparison, "dur:500ms");
    row("\"open", Kind::OpenQuote, "\"open");
    row(":", Kind::UnknownKey, ":");
}

void TestAttemptFilter::badTermsAreNamed()
{
    QFETCH(QString, filter);
    QFETCH(int, kind);
    QFETCH(QString, term);

    const ParsedFilter parsed = parseAttemptFilter(filter.toStdString());
    QVERIFY(parsed.problem.has_value());
    QCOMPARE(static_cast<int>(parsed.problem->kind), kind);
    QCOMPARE(QString::fromStdString(parsed.problem->term), term);
}

void TestAttemptFilter::goodTermsAreKeptBesideABadOne()
{
    const ParsedFilter parsed = parseAttemptFilter("fn:a statu:b cold:yes");
    QVERIFY(parsed.problem.has_value());
    QCOMPARE(parsed.filter.terms.size(), std::size_t(2));

    std::string many;
    for (std::size_t i = 0; i < AttemptFilter::kMaxTerms + 5; ++i)
        many += "word ";
    const ParsedFilter bounded = parseAttemptFilter(many);
    QCOMPARE(bounded.filter.terms.size(), AttemptFilter::kMaxTerms);
    QVERIFY(bounded.problem->kind == Kind::TooMany);
}

void TestAttemptFilter::namesMatchAsPeopleExpect_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("matches");

    QTest::newRow("part of the name") << "der"
                                      << "orders" << true;
    QTest::newRow("in any case") << "ord"
                                 << "ORDERS" << true;
    QTest::newRow("star at the end") << "ord*"
                                     << "orders" << true;
    QTest::newRow("star means from the start") << "der*"
                                               << "orders" << false;
    QTest::newRow("star in the middle") << "o*s"
                                        << "orders" << true;
    QTest::newRow("several stars") << "*r*e*"
                                   << "orders" << true;
    QTest::newRow("question mark is one character") << "order?"
                                                    << "orders" << true;
    QTest::newRow("question mark is not none") << "orders?"
                                               << "orders" << false;
    QTest::newRow("star alone") << "*"
                                << "" << true;
    QTest::newRow("too long") << "orders-and-more"
                              << "orders" << false;
}

void TestAttemptFilter::namesMatchAsPeopleExpect()
{
    QFETCH(QString, pattern);
    QFETCH(QString, name);
    QFETCH(bool, matches);
    QCOMPARE(matchesName(pattern.toStdString(), name.toStdString()), matches);
}

void TestAttemptFilter::anyTextIsHarmless()
{
    const std::string alphabet = "fn:status<>=\"-*? ,7dur.me\xc3\xa9";
    const auto workspace = MadeUpRun::workspace();
    std::uint64_t seed = 1;
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (int n = 0; n < 24; ++n) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            text += alphabet[(seed >> 33) % alphabet.size()];
        }
        const ParsedFilter parsed = parseAttemptFilter(text);
        QVERIFY(parsed.filter.terms.size() <= AttemptFilter::kMaxTerms);
        AttemptMatcher(parsed.filter, workspace.get())(coldTimeout());
    }
}

void TestAttemptFilter::everyProblemHasASentence()
{
    for (int kind = 0; kind <= static_cast<int>(Kind::TooMany); ++kind)
        QVERIFY(problemText({static_cast<Kind>(kind), "term"}).size() > 20);
    QCOMPARE(problemText({Kind::NotADuration, "dur>fast"}),
             QStringLiteral("“dur>fast”: not a duration. Write for example 500ms, 1.5s, 80us or "
                            "2min."));
}

void TestAttemptFilter::filteringAMillionRows()
{
    MadeUpRun run;
    run.append(1'000'000);
    const auto snapshot = run.snapshot();
    for (const char* text :
         {"status:error", "fn:thumb* status:error cold:yes dur>100ms", "id:7f5c"}) {
        const AttemptMatcher matcher(parseAttemptFilter(text).filter, snapshot->workspace.get());
        QElapsedTimer timer;
        timer.start();
        std::uint64_t found = 0;
        for (std::uint64_t row = 0; row < snapshot->attempts.endRow(); ++row)
            found += matcher(snapshot->attempts[row]) ? 1 : 0;
        qInfo("%s: %llu of a million rows in %lld ms", text, static_cast<unsigned long long>(found),
              static_cast<long long>(timer.elapsed()));
    }
}

QTEST_APPLESS_MAIN(TestAttemptFilter)
#include "tst_attempt_filter.moc"

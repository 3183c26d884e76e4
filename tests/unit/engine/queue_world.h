#pragma once

#include <cstdlib>
#include <queue>
#include <random>

#include "queue_book.h"

namespace coldframe::engine::test {

/// A made-up world around an engine with queues, in virtual time: messages, receivers of their own,
/// batches that succeed, fail, fail partly, time out or crash, throttles, purges, redrives, changed
/// settings. Everything comes from the seed.
class QueueWorld {
public:
    explicit QueueWorld(std::uint64_t seed) : m_random(seed)
    {
        Configuration& c = m_configuration;
        c = oneFunction();
        c.seed = seed;
        c.functions.resize(1 + pick(2), c.functions[0]);
        c.platform.accountConcurrency = 1 + pick(12);
        c.platform.keepAlive.survival = {{std::chrono::milliseconds(pick(3000)), 0}};
        c.timeScale = pick(3) ? 1 : 10;
        const bool fifo = pick(2) != 0;
        QueueRules queue{.fifo = fifo,
                         .visibility = std::chrono::seconds(1 + pick(8)),
                         .delay = std::chrono::seconds(pick(2)),
                         .retention = std::chrono::seconds(60 + pick(60)),
                         .maxInFlight = pick(3) ? 120'000 : 1 + pick(20)};
        if (pick(4)) {
            queue.maxReceives = 1 + pick(4);
            queue.deadLetters = 1;
        }
        book.mostReceives = 4;
        c.queues = {queue, {.fifo = fifo, .retention = std::chrono::seconds(100 + pick(60))}};
        for (FunctionId f = 0; f < c.functions.size(); ++f) {
            c.functions[f].timeout = std::chrono::milliseconds(200 + pick(3000));
            if (pick(3) == 0)
                c.functions[f].reserved = pick(4);
            c.mappings.push_back(
                {.queue = pick(5) ? 0U : 1U,
                 .function = f,
                 .batchSize = 1 + pick(10),
                 .maxBatchBytes = 3000,
                 .window = std::chrono::milliseconds(fifo ? 0 : pick(2) * pick(9000)),
                 .maxConcurrency = pick(2) ? 2 + pick(4) : 0,
                 .startPollers = 1 + pick(5),
                 .pollersPerMinute = 60 * pick(3),
                 .filter = pick(3) ? 0 : Unwanted{1} << f});
        }
        book.mostMessages = 10;
        configure();
        for (int i = 0; i < 300; ++i)
            push(at(pick(40'000)), Sending{});
        for (int i = 0; i < 60; ++i)
            push(at(pick(60'000)), Meddling{});
    }

    void run()
    {
        while (!m_queue.empty() || engine.nextDeadline()) {
            const auto deadline = engine.nextDeadline();
            if (m_queue.empty() || (deadline && *deadline < m_queue.top().at)) {
                EXPECT_GE(*deadline + 1ns, m_now);
                m_now = *deadline + 1ns; // a deadline runs once time has passed it
                const std::size_t before = actions.size();
                engine.step(m_now, Tick{}, actions);
                carryOut(before, *deadline);
                continue;
            }
            const Happening next = m_queue.top();
            m_queue.pop();
            m_now = next.at;
            if (std::holds_alternative<Sending>(next.what))
                send();
            else if (std::holds_alternative<Meddling>(next.what))
                meddle();
            else
                step(std::get<Input>(next.what));
        }
    }

    Engine engine;
    QueueBook book;
    std::vector<std::pair<TimePoint, Input>> inputs;
    Actions actions; ///< of the whole run

private:
    struct Sending { };
    struct Meddling { };
    using What = std::variant<Sending, Meddling, Input>;
    struct Happening {
        TimePoint at;
        std::uint64_t order;
        What what;
        bool operator<(const Happening& b) const
        {
            return at != b.at ? at > b.at : order > b.order;
        }
    };

    std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(m_random() % n); }
    void push(TimePoint when, What what) { m_queue.push({when, ++m_order, std::move(what)}); }
    void configure()
    {
        book.configured(m_configuration);
        step(Configured{engine.define(m_configuration)});
    }

    void send()
    {
        MessageSent message{.queue = pick(20) ? 0U : 1U,
                            .bytes = pick(1500),
                            .group = 1 + pick(5),
                            .deduplication = pick(3) ? 0 : 1 + pick(40)};
        if (pick(4) == 0)
            message.delay = std::chrono::seconds(pick(5));
        if (pick(8) == 0)
            message.unwanted = 1 + pick(3);
        book.sending(message);
        step(message);
    }

    void meddle()
    {
        const auto receipt = [&]() -> std::pair<MessageId, std::uint32_t> {
            if (book.receipts.empty())
                return {{pick(10), 1'000'000}, 1}; // of no message
            return book.receipts[pick(static_cast<std::uint32_t>(book.receipts.size()))];
        };
        switch (pick(9)) {
        case 0:
            return step(MessagesWanted{.queue = pick(2),
                                       .most = 1 + pick(10),
                                       .visibility = std::chrono::seconds(pick(9))});
        case 1: {
            const auto [id, which] = receipt();
            return step(VisibilityChanged{id, which, std::chrono::seconds(pick(6))});
        }
        case 2: {
            const auto [id, which] = receipt();
            return step(MessageDeleted{id, which});
        }
        case 3:
            if (pick(4) == 0)
                step(Purged{pick(2)});
            return;
        case 4:
            return step(Redriven{.from = 1, .to = 0, .most = 1 + pick(20)});
        case 5:
            return step(CodeChanged{0});
        case 6:
            if (!m_known.empty())
                step(Cancelled{m_known[pick(static_cast<std::uint32_t>(m_known.size()))]});
            return;
        case 7:
            step(Arrived{.function = 0, .delivery = pick(2) ? Delivery::Sync : Delivery::Async});
            return;
        default:
            vary();
            return configure();
        }
    }
    void vary()
    {
        MappingRules& mapping
            = m_configuration
                  .mappings[pick(static_cast<std::uint32_t>(m_configuration.mappings.size()))];
        FunctionRules& function = m_configuration.functions[mapping.function];
        switch (pick(4)) {
        case 0:
            mapping.enabled = !mapping.enabled;
            break;
        case 1:
            function.reserved = pick(4);
            break;
        case 2:
            mapping.batchSize = 1 + pick(10);
            break;
        default:
            m_configuration.queues[0].visibility = std::chrono::seconds(1 + pick(8));
        }
    }

    void step(const Input& input)
    {
        inputs.emplace_back(m_now, input);
        const std::size_t before = actions.size();
        engine.step(m_now, input, actions);
        carryOut(before, m_now);
    }
    void carryOut(std::size_t from, TimePoint when)
    {
        book.see(when, std::span(actions).subspan(from));
        book.expectSame(engine);
        const std::size_t end = actions.size();
        for (std::size_t i = from; i < end; ++i)
            std::visit([&](const auto& action) { carryOut(action); }, Action(actions[i]));
    }
    void carryOut(const Persist& a) { push(m_now + 1ms, Input(Persisted{a.invocation})); }
    void carryOut(const Start& a)
    {
        if (pick(20) == 0)
            return push(m_now + 1ms, Input(InitFailed{a.instance, InitFailure::NotStartable}));
        push(m_now, Input(InitStarted{a.instance}));
        const TimePoint when = m_now + std::chrono::milliseconds(pick(400));
        push(when, pick(15) ? Input(Ready{a.instance}) : Input(InitFailed{a.instance}));
    }
    void carryOut(const Receive& a)
    {
        if (a.invocation.serial != 0)
            m_known.push_back(a.invocation);
    }
    void carryOut(const Dispatch& a)
    {
        push(m_now, Input(WorkStarted{a.instance}));
        const Duration wall = std::chrono::milliseconds(1 + pick(1500));
        const std::uint32_t fate = pick(20);
        if (fate == 0)
            return push(m_now + wall, Input(InstanceDied{.instance = a.instance, .wall = wall}));
        if (fate == 1)
            return; // never answers
        WorkFinished finished{.instance = a.instance, .wall = wall, .invocation = a.invocation};
        if (fate < 6)
            finished.status = WorkStatus::FunctionError;
        else if (book.isBatch(a.invocation) && fate < 12)
            finished.status
                = fate == 6 ? WorkStatus::InvalidBatchAnswer : WorkStatus::SomeItemsFailed;
        if (finished.status == WorkStatus::SomeItemsFailed)
            for (const MessageId& id : book.messagesOf(a.invocation))
                if (pick(3) == 0)
                    push(m_now + wall, Input(BatchItemFailed{a.invocation, id}));
        push(m_now + wall, Input(finished));
    }
    template <typename Other> void carryOut(const Other&) { }

    std::mt19937_64 m_random;
    Configuration m_configuration;
    TimePoint m_now{};
    std::uint64_t m_order = 0;
    std::priority_queue<Happening> m_queue;
    std::vector<InvocationId> m_known;
};

/// Three hundred seeds, or the one that SIM_SEED names.
inline std::vector<std::uint64_t> queueSeeds()
{
    if (const char* only = std::getenv("SIM_SEED"))
        return {std::strtoull(only, nullptr, 10)};
    std::vector<std::uint64_t> seeds;
    for (std::uint64_t seed = 1; seed <= 300; ++seed)
        seeds.push_back(seed);
    return seeds;
}

} // namespace coldframe::engine::test

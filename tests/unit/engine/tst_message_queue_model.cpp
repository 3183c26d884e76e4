#include <random>

#include <gtest/gtest.h>

#include "engine/archive.h"
#include "queue_bench.h"
#include "queue_model.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

using Ids = std::vector<MessageId>;

/// A queue and its dead-letter queue, and the model of each, through the same random steps.
class Pair {
public:
    Pair(std::uint64_t seed, bool fifo) : m_random(seed)
    {
        const bool redrives = below(4) > 0;
        m_rules[0] = {.fifo = fifo,
                      .visibility = std::chrono::seconds(1 + below(30)),
                      .delay = std::chrono::seconds(below(3)),
                      .retention = std::chrono::seconds(60 + below(60)),
                      .maxReceives = redrives ? 1 + below(4) : 0,
                      .deadLetters = redrives ? 1 : kNoQueue,
                      .maxInFlight = 1 + below(40)};
        m_rules[1] = {.fifo = fifo, .retention = std::chrono::seconds(90 + below(60))};
        m_models = {QueueModel(m_rules[0]), QueueModel(m_rules[1])};
        attach();
    }

    void step()
    {
        switch (below(20)) {
        default:
            return send();
        case 6:
        case 7:
        case 8:
        case 9:
            return receive();
        case 10:
        case 11:
        case 12:
        case 13:
            return erase();
        case 14:
        case 15:
            return hide();
        case 16:
        case 17:
            return pass();
        case 18:
            return sendBack();
        case 19:
            if (below(60) == 0)
                purge();
            else if (below(10) == 0)
                saveAndLoad();
        }
    }

    void expectSame()
    {
        for (std::size_t q = 0; q < 2; ++q) {
            const MessageQueue& queue = m_queues[q];
            const QueueModel& model = m_models[q];
            ASSERT_EQ(queue.visible(), model.count(Message::State::Visible));
            ASSERT_EQ(queue.delayed(), model.count(Message::State::Delayed));
            ASSERT_EQ(queue.inFlight(), model.count(Message::State::InFlight));
            ASSERT_EQ(queue.depth(), model.items.size());
            ASSERT_EQ(queue.nextDeadline(m_rules[q]), model.nextDeadline());
            std::optional<TimePoint> oldest;
            for (const auto& item : model.items)
                oldest = std::min(oldest.value_or(item.sentAt), item.sentAt);
            ASSERT_EQ(queue.oldestSentAt(), oldest);
        }
        // None is lost: all that were sent are there, or ended once.
        ASSERT_EQ(m_messages.alive(), m_models[0].items.size() + m_models[1].items.size());
        ASSERT_EQ(m_sent, m_messages.alive() + m_ended);
    }
    std::uint64_t received = 0, dead = 0, expired = 0, duplicates = 0, refused = 0, loads = 0;

private:
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(m_random() % n); }
    void attach()
    {
        for (QueueId q = 0; q < 2; ++q)
            m_queues[q].attach(m_messages, q);
    }
    std::uint32_t one() { return below(5) == 0 ? 1 : 0; }

    void send()
    {
        MessageQueue::Draft draft{.bytes = below(1000),
                                  .group = 1 + below(6),
                                  .deduplication = below(3) == 0 ? 1 + below(50) : 0};
        if (below(4) == 0)
            draft.delay = std::chrono::seconds(below(20));
        const auto known = m_models[0].duplicate(m_now, draft.deduplication);
        const auto sent = m_queues[0].send(m_now, m_rules[0], draft);
        ASSERT_EQ(sent.duplicate, known.has_value());
        if (known) {
            ASSERT_EQ(sent.message, *known);
            ++duplicates;
            return;
        }
        ++m_sent;
        m_models[0].send(m_now, sent.message, draft);
    }
    void receive()
    {
        const std::uint32_t q = one();
        MessageQueue::Want want{.messages = 1 + below(12), .always = below(3) > 0};
        if (below(3) == 0)
            want.bytes = below(3000);
        if (below(5) == 0)
            want.visibility = std::chrono::seconds(below(10));
        std::vector<Receipt> given;
        std::vector<MessageQueue::Left> left;
        std::vector<QueueModel::Item> leftModel;
        m_queues[q].receive(m_now, m_rules[q], want, given, left);
        ASSERT_EQ(given, m_models[q].receive(m_now, want, leftModel));
        ASSERT_EQ(left.size(), leftModel.size());
        for (std::size_t i = 0; i < left.size(); ++i) {
            ASSERT_EQ(left[i].message, leftModel[i].id);
            ASSERT_EQ(left[i].group, leftModel[i].group);
            ASSERT_EQ(left[i].receives, leftModel[i].receives);
            m_queues[1].put(m_now, m_rules[1], left[i], MessageQueue::Moved::GivenUp);
            m_models[1].put(m_now, leftModel[i], MessageQueue::Moved::GivenUp);
        }
        m_receipts.insert(m_receipts.end(), given.begin(), given.end());
        received += given.size();
        dead += left.size();
    }
    Receipt anyReceipt()
    {
        if (m_receipts.empty() || below(20) == 0)
            return {{below(50), 1 + below(500)}, below(3)};
        const std::size_t newest = m_receipts.size() - 1;
        return m_receipts[newest
                          - below(
                              static_cast<std::uint32_t>(std::min<std::size_t>(newest + 1, 40)))];
    }
    void erase()
    {
        const std::uint32_t q = one();
        const Receipt receipt = anyReceipt();
        const auto answer = m_queues[q].erase(receipt);
        ASSERT_EQ(answer, m_models[q].erase(receipt));
        (answer == ReceiptAnswer::Done ? m_ended : refused) += 1;
    }
    void hide()
    {
        const std::uint32_t q = one();
        const Receipt receipt = anyReceipt();
        const Duration timeout = std::chrono::seconds(below(10) == 0 ? 43'195 : below(20));
        ASSERT_EQ(m_queues[q].changeVisibility(m_now, receipt, timeout),
                  m_models[q].hide(m_now, receipt, timeout));
    }
    void pass()
    {
        m_now += std::chrono::milliseconds(below(3) == 0 ? below(20'000) : below(500));
        for (std::size_t q = 0; q < 2; ++q) {
            Ids gone, goneModel;
            m_queues[q].advance(m_now, m_rules[q], gone);
            m_models[q].advance(m_now, goneModel);
            ASSERT_EQ(gone, goneModel);
            m_ended += gone.size();
            expired += gone.size();
        }
    }
    void sendBack()
    {
        const auto left = m_queues[1].take();
        const auto item = m_models[1].take();
        ASSERT_EQ(left.message.serial != 0, item.has_value());
        if (!item)
            return;
        ASSERT_EQ(left.message, item->id);
        m_queues[0].put(m_now, m_rules[0], left, MessageQueue::Moved::SentBack);
        m_models[0].put(m_now, *item, MessageQueue::Moved::SentBack);
    }
    void purge()
    {
        Ids gone, goneModel;
        m_queues[0].purge(gone);
        m_models[0].purge(goneModel);
        ASSERT_EQ(gone, goneModel);
        m_ended += gone.size();
    }
    /// What comes back must behave as what was saved: the steps that follow see to that.
    void saveAndLoad()
    {
        ArchiveWriter writer;
        writer(m_messages), writer(m_queues[0]), writer(m_queues[1]);
        m_messages = {};
        m_queues = {};
        ArchiveReader reader(writer.bytes);
        reader(m_messages), reader(m_queues[0]), reader(m_queues[1]);
        ASSERT_TRUE(reader.good());
        attach();
        ++loads;
    }

    std::mt19937_64 m_random;
    TimePoint m_now{};
    std::array<QueueRules, 2> m_rules;
    Messages m_messages;
    std::array<MessageQueue, 2> m_queues;
    std::vector<QueueModel> m_models;
    std::vector<Receipt> m_receipts;
    std::uint64_t m_sent = 0, m_ended = 0;
};

class EverySeed : public testing::TestWithParam<std::tuple<std::uint64_t, bool>> { };

TEST_P(EverySeed, theQueueDoesWhatTheModelDoes)
{
    const auto [seed, fifo] = GetParam();
    SCOPED_TRACE("seed " + std::to_string(seed) + (fifo ? ", FIFO" : ", standard"));
    Pair pair(seed, fifo);
    for (int i = 0; i < 10'000; ++i) {
        SCOPED_TRACE("step " + std::to_string(i));
        pair.step();
        if (HasFatalFailure())
            return;
        pair.expectSame();
        if (HasFatalFailure())
            return;
    }
    // The walk came past everything.
    EXPECT_GT(pair.received, 500U);
    EXPECT_GT(pair.expired, 10U);
    EXPECT_GT(pair.refused, 100U);
    EXPECT_GT(pair.loads, 10U);
    EXPECT_EQ(pair.duplicates > 0, fifo);
}
INSTANTIATE_TEST_SUITE_P(Model, EverySeed,
                         testing::Combine(testing::Range<std::uint64_t>(1, 7), testing::Bool()),
                         [](const auto& row) {
                             return "seed" + std::to_string(std::get<0>(row.param))
                                 + (std::get<1>(row.param) ? "Fifo" : "Standard");
                         });

} // namespace

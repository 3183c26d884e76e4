#pragma once

#include <string>

namespace coldframe {

/// A store that is a queue with the rules of Amazon SQS. Its messages lie in the journal.
struct QueueStore {
    bool fifo = false; ///< order per message group, deduplication
    bool contentBasedDeduplication = false; ///< fifo: the body's hash is the deduplication id
    int visibilityTimeoutS = 30; ///< 0…43,200
    int delayS = 0; ///< 0…900
    int retentionS = 345'600; ///< 60…1,209,600
    int maxReceives = 0; ///< 1…1,000, then to `deadLetters`; 0: never
    std::string deadLetters; ///< name of another queue of the same sort; empty: none
};

/// A queue that is read for a function: an event source mapping.
struct QueueTrigger {
    std::string store;
    int batchSize = 10; ///< messages, 1…10,000; of a FIFO queue 10 at most
    int batchWindowS = 0; ///< waits this long for a full batch, 0…300
    int maximumConcurrency = 0; ///< batches at once, 2…1,000; 0: as the pollers come to
    bool reportBatchItemFailures = false; ///< answers name the messages that failed
};

} // namespace coldframe

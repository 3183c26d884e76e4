#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "model/store_work.h"
#include "s3/endpoint.h"
#include "session/busy_time.h"

namespace coldframe::session {

/// The access key an instance is given, by which its requests are told from others.
std::string accessKeyOf(std::uint32_t instance);
/// Its instance's serial; nothing for a key that is none of ours.
std::optional<std::uint32_t> instanceOf(const std::string& accessKey);

/// Gathers what instances do with stores, until their attempt ends. An instance serves one attempt
/// at a time, so what it asks for during its init counts for its first.
class StoreAccounts {
public:
    void add(std::uint32_t instance, const s3::RequestReport& report);
    /// A message it has sent into a queue is an output, too: its key is the message's id.
    void sent(std::uint32_t instance, const std::string& queue, const std::string& messageId,
              std::uint64_t bytes);
    /// What came since the last time.
    StoreWork take(std::uint32_t instance);
    /// The instance is gone.
    void forget(std::uint32_t instance) { m_accounts.erase(instance); }

private:
    struct Account {
        BusyTime reading, writing;
        std::vector<Output> outputs;
        std::unordered_map<std::string, std::size_t> places; ///< in outputs, by "store/key"
        std::uint64_t more = 0;
    };
    static void written(Account& account, const s3::RequestReport& report);
    static void removed(Account& account, const s3::RequestReport& report);

    std::map<std::uint32_t, Account> m_accounts;
};

} // namespace coldframe::session

#include "session/store_accounts.h"

#include <charconv>

#include <fmt/format.h>

namespace coldframe::session {

namespace {
constexpr std::string_view kPrefix = "COLDFRAME"; ///< with 11 digits as long as a real key
}

std::string accessKeyOf(std::uint32_t instance)
{
    return fmt::format("{}{:011}", kPrefix, instance);
}

std::optional<std::uint32_t> instanceOf(const std::string& accessKey)
{
    if (!accessKey.starts_with(kPrefix) || accessKey.size() != kPrefix.size() + 11)
        return std::nullopt;
    std::uint32_t serial = 0;
    const char* const end = accessKey.data() + accessKey.size();
    const auto [stop, problem] = std::from_chars(accessKey.data() + kPrefix.size(), end, serial);
    if (problem != std::errc() || stop != end)
        return std::nullopt;
    return serial;
}

void StoreAccounts::written(Account& account, const s3::RequestReport& report)
{
    const auto [it, isNew]
        = account.places.try_emplace(report.bucket + '/' + report.key, account.outputs.size());
    if (!isNew) {
        account.outputs[it->second].bytes = report.bytes;
    } else if (account.outputs.size() < kMostOutputs) {
        account.outputs.push_back({report.bucket, report.key, report.bytes});
    } else {
        account.places.erase(it);
        ++account.more;
    }
}

/// What an attempt wrote and removed again is no output of it.
void StoreAccounts::removed(Account& account, const s3::RequestReport& report)
{
    const auto it = account.places.find(report.bucket + '/' + report.key);
    if (it == account.places.end())
        return;
    const std::size_t place = it->second;
    account.places.erase(it);
    account.outputs.erase(account.outputs.begin() + static_cast<std::ptrdiff_t>(place));
    for (auto& [key, other] : account.places)
        other -= other > place ? 1 : 0;
}

void StoreAccounts::add(std::uint32_t instance, const s3::RequestReport& report)
{
    Account& account = m_accounts[instance];
    (s3::reads(report.operation) ? account.reading : account.writing)
        .add(report.begun, report.ended);
    const bool done = report.status >= 200 && report.status < 300;
    if (done && s3::makesObject(report.operation))
        written(account, report);
    else if (done && report.operation == s3::Operation::DeleteObject)
        removed(account, report);
}

void StoreAccounts::sent(std::uint32_t instance, const std::string& queue,
                         const std::string& messageId, std::uint64_t bytes)
{
    Account& account = m_accounts[instance];
    if (account.outputs.size() < kMostOutputs)
        account.outputs.push_back({queue, messageId, bytes});
    else
        ++account.more;
}

StoreWork StoreAccounts::take(std::uint32_t instance)
{
    const auto it = m_accounts.find(instance);
    if (it == m_accounts.end())
        return {};
    Account& account = it->second;
    StoreWork work{.outputs = std::move(account.outputs),
                   .moreOutputs = account.more,
                   .retrieval = account.reading.total(),
                   .storing = account.writing.total()};
    m_accounts.erase(it);
    return work;
}

} // namespace coldframe::session

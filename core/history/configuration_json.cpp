#include "history/configuration_json.h"

#include <nlohmann/json.hpp>

namespace coldframe::history {

namespace {

using nlohmann::json;

/// Writes and reads by the same list of fields, so that neither can forget one.
class Writer {
public:
    template <typename T> void operator()(const char* key, const T& value)
    {
        m_object[key] = value;
    }
    void operator()(const char* key, const Duration& value) { m_object[key] = value.count(); }
    template <typename T>
    requires std::is_enum_v<T>
    void operator()(const char* key, const T& value) { m_object[key] = static_cast<int>(value); }
    void operator()(const char* key, const std::optional<std::uint32_t>& value)
    {
        m_object[key] = value ? json(*value) : json();
    }
    void operator()(const char* key, const std::vector<Duration>& values)
    {
        m_object[key] = json::array();
        for (const Duration& value : values)
            m_object[key].push_back(value.count());
    }
    template <typename T>
    requires requires(T& item, Writer& out) { fields(item, out); }
    void operator()(const char* key, const T& value) { m_object[key] = of(value); }
    template <typename T>
    requires requires(T& item, Writer& out) { fields(item, out); }
    void operator()(const char* key, const std::vector<T>& values)
    {
        m_object[key] = json::array();
        for (const T& value : values)
            m_object[key].push_back(of(value));
    }
    /// A rule that came later: recordings from before it lack the key and mean the default.
    template <typename T> void later(const char* key, const T& value) { (*this)(key, value); }
    template <typename T> static json of(const T& value)
    {
        Writer out;
        fields(const_cast<T&>(value), out); // reads only
        return std::move(out.m_object);
    }

private:
    json m_object = json::object();
};

/// Throws nlohmann's exceptions; caught in configurationFromJson().
class Reader {
public:
    explicit Reader(const json& object) : m_object(object) { }

    template <typename T> void operator()(const char* key, T& value)
    {
        const json& item = take(key);
        if (std::is_integral_v<T> && !std::is_same_v<T, bool> && !item.is_number_integer())
            throw json::type_error::create(302, std::string(key) + " must be a whole number",
                                           &item);
        item.get_to(value);
    }
    void operator()(const char* key, Duration& value)
    {
        value = Duration(take(key).get<std::int64_t>());
    }
    template <typename T>
    requires std::is_enum_v<T>
    void operator()(const char* key, T& value) { value = static_cast<T>(take(key).get<int>()); }
    void operator()(const char* key, std::optional<std::uint32_t>& value)
    {
        const json& item = take(key);
        value = item.is_null() ? std::optional<std::uint32_t>() : item.get<std::uint32_t>();
    }
    void operator()(const char* key, std::vector<Duration>& values)
    {
        values.clear();
        for (const json& item : take(key))
            values.push_back(Duration(item.get<std::int64_t>()));
    }
    template <typename T>
    requires requires(T& item, Reader& in) { fields(item, in); }
    void operator()(const char* key, T& value) { read(take(key), value); }
    template <typename T>
    requires requires(T& item, Reader& in) { fields(item, in); }
    void operator()(const char* key, std::vector<T>& values)
    {
        values.clear();
        for (const json& item : take(key))
            read(item, values.emplace_back());
    }
    template <typename T> void later(const char* key, T& value)
    {
        if (m_object.contains(key))
            (*this)(key, value);
    }
    template <typename T> static void read(const json& object, T& value)
    {
        Reader in(object);
        fields(value, in);
        if (in.m_taken != object.size())
            throw json::other_error::create(501, "a key is unknown", &object);
    }

private:
    const json& take(const char* key)
    {
        ++m_taken;
        return m_object.at(key);
    }
    const json& m_object;
    std::size_t m_taken = 0;
};

template <typename Archive> void fields(engine::KeepAlive::Point& p, Archive& a)
{
    a("idle", p.idle);
    a("alive", p.alive);
}

template <typename Archive> void fields(engine::KeepAlive& k, Archive& a)
{
    a("survival", k.survival);
    a.later("kind", k.kind);
    a.later("fallback", k.fallback);
}

template <typename Archive> void fields(engine::TokenBucket& b, Archive& a)
{
    a("capacity", b.capacity);
    a("refill", b.refill);
    a.later("otherRefill", b.otherRefill);
}

template <typename Archive> void fields(engine::Saturation& s, Archive& a)
{
    a("policy", s.policy);
    a("maxLength", s.maxLength);
    a("deadline", s.deadline);
    a.later("startups", s.startups);
}

template <typename Archive> void fields(engine::Scaling& s, Archive& a)
{
    a("decider", s.decider);
    a("tick", s.tick);
    a("window", s.window);
    a("target", s.target);
    a("targetUse", s.targetUse);
    a("downDelay", s.downDelay);
    a("panicWindow", s.panicWindow);
    a("panicThreshold", s.panicThreshold);
    a("maxUpRate", s.maxUpRate);
    a("maxDownRate", s.maxDownRate);
    a("burstCapacity", s.burstCapacity);
    a("toZeroGrace", s.toZeroGrace);
    a("addAtMost", s.addAtMost);
    a("onDemand", s.onDemand);
    a("retires", s.retires);
}

template <typename Archive> void fields(engine::Platform& p, Archive& a)
{
    a("id", p.id);
    a("title", p.title);
    a("priceBook", p.priceBook);
    a("region", p.region);
    a("asOf", p.asOf);
    a("dispatch", p.dispatch);
    a("keepAlive", p.keepAlive);
    a("scaleUp", p.scaleUp);
    a("accountConcurrency", p.accountConcurrency);
    a("unreservedMinimum", p.unreservedMinimum);
    a("initLimit", p.initLimit);
    a("sandbox", p.sandbox);
    a("mbPerVcpu", p.mbPerVcpu);
    a("retryDelays", p.retryDelays);
    a("billingStep", p.billingStep);
    a("initBilled", p.initBilled);
    a("maxSyncBytes", p.maxSyncBytes);
    a("maxAsyncBytes", p.maxAsyncBytes);
    a("maxResponseBytes", p.maxResponseBytes);
    a("maxStreamBytes", p.maxStreamBytes);
    a("asyncFirstRequestBytes", p.asyncFirstRequestBytes);
    a("asyncExtraRequestBytes", p.asyncExtraRequestBytes);
    a.later("saturation", p.saturation);
    a.later("scaling", p.scaling);
    a.later("instanceConcurrency", p.instanceConcurrency);
    a.later("minInstances", p.minInstances);
    a.later("maxInstances", p.maxInstances);
    a.later("attemptsBilled", p.attemptsBilled);
}

template <typename Archive> void fields(engine::FunctionRules& f, Archive& a)
{
    a("memoryMb", f.memoryMb);
    a("timeout", f.timeout);
    a("reserved", f.reserved);
    a("provisioned", f.provisioned);
    a("retries", f.retries);
    a("maxEventAge", f.maxEventAge);
    a("instanceKey", f.instanceKey);
    a("removed", f.removed);
    a.later("maxInstances", f.maxInstances);
    a.later("instanceConcurrency", f.instanceConcurrency);
    a.later("luck", f.luck);
    a.later("minInstances", f.minInstances);
    a.later("otherWork", f.otherWork);
}

template <typename Archive> void fields(engine::QueueRules& q, Archive& a)
{
    a("fifo", q.fifo);
    a("removed", q.removed);
    a("visibility", q.visibility);
    a("delay", q.delay);
    a("retention", q.retention);
    a("maxReceives", q.maxReceives);
    a("deadLetters", q.deadLetters);
    a("maxInFlight", q.maxInFlight);
    a("deduplication", q.deduplication);
    a.later("receiptsFrom", q.receiptsFrom);
}

template <typename Archive> void fields(engine::MappingRules& m, Archive& a)
{
    a("queue", m.queue);
    a("function", m.function);
    a("enabled", m.enabled);
    a("reportItemFailures", m.reportItemFailures);
    a("batchSize", m.batchSize);
    a("maxBatchBytes", m.maxBatchBytes);
    a("window", m.window);
    a("maxConcurrency", m.maxConcurrency);
    a("startPollers", m.startPollers);
    a("pollersPerMinute", m.pollersPerMinute);
    a("maxPollers", m.maxPollers);
    a("leastPollers", m.leastPollers);
    a.later("filter", m.filter);
}

template <typename Archive> void fields(engine::Configuration& c, Archive& a)
{
    a("platform", c.platform);
    a("functions", c.functions);
    a("seed", c.seed);
    a("timeScale", c.timeScale);
    a("fidelity", c.fidelity);
    a.later("queues", c.queues);
    a.later("mappings", c.mappings);
}

} // namespace

std::string toJson(const engine::Configuration& configuration)
{
    return Writer::of(configuration).dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<engine::Configuration> configurationFromJson(std::string_view text)
{
    try {
        engine::Configuration configuration;
        Reader::read(json::parse(text), configuration);
        return configuration;
    } catch (const json::exception& problem) {
        return tl::unexpected(Error{Error::Code::Malformed,
                                    std::string("is no recorded configuration: ") + problem.what(),
                                    "it may come from another version of Coldframe",
                                    {},
                                    {}});
    }
}

} // namespace coldframe::history

#include "cost/example_estimate.h"

namespace coldframe::cost {
namespace {

const char* lambdaLine(Resource resource)
{
    switch (resource) {
    case Resource::Requests:
    case Resource::EdgeRequests:
        return "requests";
    case Resource::HeldX86:
    case Resource::HeldArm:
        return "provisioned";
    case Resource::ProvisionedComputeX86:
    case Resource::ProvisionedComputeArm:
        return "provisionedDuration";
    case Resource::Streamed:
        return "streaming";
    case Resource::SnapshotCache:
        return "snapstartCache";
    case Resource::SnapshotRestore:
        return "snapstartRestore";
    case Resource::QueuePollers:
        return "epu";
    case Resource::DurableOperations:
        return "operations";
    case Resource::DurableWritten:
        return "dataWritten";
    case Resource::DurableKept:
        return "retention";
    default:
        return "compute";
    }
}

const char* googleLine(Resource resource)
{
    return resource == Resource::Memory ? "memory"
        : resource == Resource::Egress  ? "egress"
        : resource == Resource::Requests ? "requests"
                                         : "cpu";
}

const char* firstGenerationLine(Resource resource)
{
    return resource == Resource::Requests ? "invocations" : googleLine(resource);
}

const char* azureLine(Resource resource)
{
    return resource == Resource::Requests ? "executions"
        : resource == Resource::Vcpu      ? "vcpu"
        : resource == Resource::Memory    ? "memory"
                                          : "duration";
}

const char* workersLine(Resource resource)
{
    return resource == Resource::Requests  ? "requests"
        : resource == Resource::CpuTime    ? "cpu"
                                           : "base";
}

constexpr Provider kProviders[] = {
    {"aws-lambda", estimateLambda, lambdaLine},
    {"gcp-cloud-run", estimateCloudRun, googleLine},
    {"gcp-functions-gen1", estimateFirstGeneration, firstGenerationLine},
    {"azure-functions-consumption", estimateConsumption, azureLine},
    {"azure-functions-flex", estimateFlex, azureLine},
    {"azure-functions-premium", estimatePremium, azureLine},
    {"cloudflare-workers", estimateWorkers, workersLine},
};

} // namespace

std::span<const Provider> providers()
{
    return kProviders;
}

} // namespace coldframe::cost

using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Providers;
using Orleans.Storage;

namespace DrMesh.Grains.Traffic;

/// <summary>
/// Carries a DR session's order out beside the service's grain, which may live in the very region that was lost, and be sought there until that is declared dead. The grain's own stored
/// record is read and written, with its compare-and-set: of this and an activation somewhere, one goes on, and the other finds the record changed.
/// </summary>
internal sealed class DirectTrafficSwitch(
    [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage, IGrainFactory grains, TrafficSteps steps, TimeProvider time, ILogger<DirectTrafficSwitch> logger)
{
    /// <summary>Goes through a switch to the region the names are to answer with anyway, and changes nothing: the stored record, the provider and every authoritative server are asked.</summary>
    /// <exception cref="Contracts.Errors.DrMeshException">The provider does not answer.</exception>
    public async Task RehearseAsync(
        Contracts.Estate.ServiceDefinition declared, Contracts.Estate.DnsProviderDefinition provider, Contracts.Regions.RegionId region, CancellationToken cancellationToken)
    {
        var record = new GrainState<TrafficRecord>(new TrafficRecord());
        await storage.ReadStateAsync(TrafficGrain.StateName, grains.GetGrain<ITrafficGrain>(declared.Name).GetGrainId(), record);
        var order = new SwitchTraffic { OperationId = "rehearsed", To = region, Reason = "rehearsed" };
        var (next, _) = TrafficOrders.Accept(record.State?.State ?? new TrafficState(), order, declared, provider, time.GetUtcNow());
        if (next.Running is { } work && work.Operation.OperationId == order.OperationId)
        {
            await steps.RehearseAsync(work, cancellationToken);
        }
    }

    /// <summary>Carries out an order to its end. The same order again goes on where it stopped.</summary>
    /// <param name="declared">The service.</param>
    /// <param name="provider">Its provider.</param>
    /// <param name="order">The order.</param>
    /// <param name="report">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it; what is recorded stays.</param>
    /// <returns>How it ended; null: another order is under way, or an activation of the grain went on meanwhile, so that the grain is to be asked.</returns>
    public async Task<TrafficOperation?> SwitchAsync(
        Contracts.Estate.ServiceDefinition declared, Contracts.Estate.DnsProviderDefinition provider, SwitchTraffic order, Action<string> report, CancellationToken cancellationToken)
    {
        var service = new ServiceId(declared.Name);
        var grain = grains.GetGrain<ITrafficGrain>(declared.Name).GetGrainId();
        var record = new GrainState<TrafficRecord>(new TrafficRecord());
        try
        {
            await storage.ReadStateAsync(TrafficGrain.StateName, grain, record);
            var state = record.State?.State ?? new TrafficState();
            if (state.Running is { } other && other.Operation.OperationId != order.OperationId)
            {
                return null;
            }

            var (next, answer) = TrafficOrders.Accept(state, order, declared, provider, time.GetUtcNow());
            if (next != state)
            {
                await PersistAsync(next);
                logger.Accepted(service, order.OperationId, answer.From, answer.To, answer.Epoch, order.Reason);
            }

            while (next.Running is { } work)
            {
                report($"{work.Operation.Phase}: {work.Operation.Detail}");
                next = await steps.StepAsync(next, work, cancellationToken);
                await PersistAsync(next);
                answer = next.LastOperation()!;
                logger.Advanced(service, order.OperationId, work.Operation.Phase, answer.Phase, answer.Detail);
            }

            return answer;
        }
        catch (InconsistentStateException overtaken)
        {
            logger.Overtaken(service, order.OperationId, overtaken);
            return null;
        }

        Task PersistAsync(TrafficState state)
        {
            record.State = new TrafficRecord { State = state };
            return storage.WriteStateAsync(TrafficGrain.StateName, grain, record);
        }
    }
}

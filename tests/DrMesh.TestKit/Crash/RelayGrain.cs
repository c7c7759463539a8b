using DrMesh.Contracts.Sessions;
using DrMesh.Grains.Sessions;

namespace DrMesh.TestKit.Crash;

[GrainType(SessionGrains.GrainTypePrefix + RelayMachine.Kind)]
internal sealed class RelayGrain(
    [PersistentState("session")] IPersistentState<StoredSession<RelayPlan>> state, SessionServices<RelayPlan> services)
    : SessionGrain<RelayPlan>(state, services), IRelayGrain
{
    public Task<StartResult> Begin(string[] parcels, bool asksFirst) =>
        BeginAsync(string.Join('+', parcels), $"relay of {string.Join(" and ", parcels)}", new RelayPlan { Parcels = [.. parcels], AsksFirst = asksFirst });
}

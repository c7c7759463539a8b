using System.Collections.Immutable;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using Orleans.Concurrency;

namespace DrMesh.Grains.Sessions;

[StatelessWorker]
internal sealed class SessionListGrain(ISessionTable table) : Grain, ISessionListGrain
{
    public async Task<ImmutableArray<SessionEntry>> List(SessionFilter filter, CancellationToken cancellationToken = default) =>
        [.. await table.ListAsync(filter, cancellationToken)];
}

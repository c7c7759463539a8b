using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using DrMesh.Engines.Dns.Verification;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Dns.PowerDns;

/// <summary>
/// A PowerDNS by its HTTP API. A batch is one transaction there; the API compares nothing, so what was read is read once more just before.
/// Marks are comments of the record set under the account <c>drmesh</c>. Its health checks are LUA records (<c>ifurlup</c>), which an operator provisions.
/// </summary>
internal sealed class PowerDnsProvider(
    DnsProviderDefinition definition,
    Contracts.Estate.PowerDnsProvider settings,
    DnsOptions options,
    ILogger<PowerDnsProvider> logger) : IDnsProvider, IDisposable
{
    private readonly PowerDnsApi _api = new(definition.Name, settings, options);

    /// <inheritdoc/>
    public string Name => definition.Name;

    /// <inheritdoc/>
    public ProviderTraits Traits { get; } = new()
    {
        ChangesAtomically = true,
        ComparesBeforeChange = false,
        ConfirmsPropagation = false,
        Routing = [DnsRouting.Simple],
        HasHealthChecks = true,
    };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecordSet>> ReadAsync(DnsName zone, DnsName name, CancellationToken cancellationToken) =>
        [.. (await ReadRawAsync(zone, cancellationToken)).Select(PowerDnsRecords.Read).OfType<RecordSet>().Where(set => set.Name == name)];

    /// <inheritdoc/>
    public async Task<ChangeReceipt> ChangeAsync(ZoneChange change, CancellationToken cancellationToken)
    {
        var present = await ReadRawAsync(change.Zone, cancellationToken);
        List<PowerDnsRecordSet> batch = [];
        foreach (var one in change.Changes)
        {
            var current = present.FirstOrDefault(set =>
                DnsName.TryParse(set.Name, out var owner) && owner == one.Subject.Name
                && set.Type.Equals(one.Subject.Type.ToString(), StringComparison.OrdinalIgnoreCase));
            var now = current is null ? null : PowerDnsRecords.Read(current);
            if (now != one.Before)
            {
                throw DnsFaults.Conflict(Name, one.Subject.Name, $"it is {now?.ToString() ?? "gone"}, it was {one.Before?.ToString() ?? "absent"}");
            }

            batch.Add(PowerDnsRecords.Write(one, current));
        }

        await _api.PatchAsync(change.Zone, new PowerDnsZone { RecordSets = batch }, cancellationToken);
        logger.Changed(Name, change.Zone, batch.Count);
        return new ChangeReceipt(change.Zone, "");
    }

    /// <inheritdoc/>
    public Task ConfirmAsync(ChangeReceipt receipt, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuthoritativeServer>> ListServersAsync(DnsName zone, CancellationToken cancellationToken) =>
        ZoneServers.FindAsync(Name, zone, definition.AuthoritativeServers, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();

    private async Task<IReadOnlyList<PowerDnsRecordSet>> ReadRawAsync(DnsName zone, CancellationToken cancellationToken) =>
        (await _api.GetZoneAsync(zone, cancellationToken)).RecordSets;
}

using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>
/// A service that holds DNS zones and changes them: the port of every DNS engine.
/// <para>
/// Required of all: every call ends within the provider's configured time limit; a refusal or fault is a <see cref="DrMeshException"/> whose
/// message names the provider, the zone and the provider's own words; no call changes anything but <see cref="ChangeAsync"/>; no
/// call retries a change whose outcome is unknown unless repeating it is harmless; cancelling ends waiting, and what was sent stays sent.
/// </para>
/// </summary>
public interface IDnsProvider
{
    /// <summary>The name under which the silos' configuration and the estate know it.</summary>
    string Name { get; }

    /// <summary>What it can do.</summary>
    ProviderTraits Traits { get; }

    /// <summary>
    /// All record sets of one name (A, AAAA, CNAME and TXT), with their owner marks, as the provider holds them now and not as a cache has
    /// them; empty: the name does not exist. A mark's own carrier (a TXT record beside the name) is not among them.
    /// </summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.DnsZoneUnknown"/>, <see cref="DrMeshError.DnsProviderUnreachable"/>, <see cref="DrMeshError.DnsProviderRefused"/>.</exception>
    Task<IReadOnlyList<RecordSet>> ReadAsync(DnsName zone, DnsName name, CancellationToken cancellationToken);

    /// <summary>
    /// Applies one zone's changes, with the marks of <see cref="RecordSet.Owner"/>. Whole or not at all where
    /// <see cref="ProviderTraits.ChangesAtomically"/>; refused when a record set is not as it was read, in one step where
    /// <see cref="ProviderTraits.ComparesBeforeChange"/>, else by reading just before.
    /// </summary>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.DnsConflict"/>: a record set is not as it was read, nothing was changed;
    /// <see cref="DrMeshError.DnsProviderRefused"/>: nothing was changed;
    /// <see cref="DrMeshError.DnsChangeUnknown"/>: the provider did not say whether the change was made; read again;
    /// <see cref="DrMeshError.DnsProviderUnreachable"/>: nothing was sent.
    /// </exception>
    Task<ChangeReceipt> ChangeAsync(ZoneChange change, CancellationToken cancellationToken);

    /// <summary>Waits until the provider says the change is complete. Returns at once where it has no such word.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.DnsNotConfirmed"/> when it did not within its limit; it may still come.</exception>
    Task ConfirmAsync(ChangeReceipt receipt, CancellationToken cancellationToken);

    /// <summary>The servers that answer for the zone: those configured, else those the zone's NS records name. At least one.</summary>
    Task<IReadOnlyList<AuthoritativeServer>> ListServersAsync(DnsName zone, CancellationToken cancellationToken);
}

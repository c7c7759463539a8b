using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.TestKit.Conformance;

/// <summary>What every implementation of <see cref="IDnsProvider"/> must do. Each check throws with what it saw; a check uses names of its own.</summary>
/// <param name="provider">The provider.</param>
/// <param name="zone">An existing zone that the provider may change.</param>
/// <param name="removeByOthers">Removes one record set past the provider, as another tool would.</param>
public sealed class DnsProviderConformance(IDnsProvider provider, DnsName zone, Func<RecordSet, Task> removeByOthers)
{
    private static readonly ServiceId Shop = new("shop");

    /// <summary>The names of the checks, for a theory.</summary>
    public static IReadOnlyList<string> Checks { get; } =
    [
        nameof(Read_AbsentName_IsEmpty), nameof(Change_Create_IsReadAsWritten), nameof(Change_Replace_IsReadAsWritten), nameof(Change_Remove_LeavesNothing),
        nameof(Change_CreateOverExisting_IsConflict), nameof(Change_StaleBefore_IsConflict), nameof(Change_StaleMark_IsConflict),
        nameof(Change_OneOfTwoConflicts_NothingIsChanged), nameof(Change_SetRemovedByOthers_CanBeMadeAgain), nameof(Change_TwoTypesOfOneName_KeepTheirOwnMarks),
        nameof(Change_Alias_IsReadAsWritten), nameof(Zone_Unknown_IsNamed), nameof(Servers_AreListed),
    ];

    /// <summary>Runs one check by its name.</summary>
    public Task RunAsync(string check, CancellationToken cancellationToken) => check switch
    {
        nameof(Read_AbsentName_IsEmpty) => Read_AbsentName_IsEmpty(cancellationToken),
        nameof(Change_Create_IsReadAsWritten) => Change_Create_IsReadAsWritten(cancellationToken),
        nameof(Change_Replace_IsReadAsWritten) => Change_Replace_IsReadAsWritten(cancellationToken),
        nameof(Change_Remove_LeavesNothing) => Change_Remove_LeavesNothing(cancellationToken),
        nameof(Change_CreateOverExisting_IsConflict) => Change_CreateOverExisting_IsConflict(cancellationToken),
        nameof(Change_StaleBefore_IsConflict) => Change_StaleBefore_IsConflict(cancellationToken),
        nameof(Change_StaleMark_IsConflict) => Change_StaleMark_IsConflict(cancellationToken),
        nameof(Change_OneOfTwoConflicts_NothingIsChanged) => Change_OneOfTwoConflicts_NothingIsChanged(cancellationToken),
        nameof(Change_SetRemovedByOthers_CanBeMadeAgain) => Change_SetRemovedByOthers_CanBeMadeAgain(cancellationToken),
        nameof(Change_TwoTypesOfOneName_KeepTheirOwnMarks) => Change_TwoTypesOfOneName_KeepTheirOwnMarks(cancellationToken),
        nameof(Change_Alias_IsReadAsWritten) => Change_Alias_IsReadAsWritten(cancellationToken),
        nameof(Zone_Unknown_IsNamed) => Zone_Unknown_IsNamed(cancellationToken),
        nameof(Servers_AreListed) => Servers_AreListed(cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(check), check, "no such check"),
    };

    private async Task Read_AbsentName_IsEmpty(CancellationToken cancellationToken) =>
        Expect.Equal([], await provider.ReadAsync(zone, zone.Prepend("absent"), cancellationToken));

    private async Task Change_Create_IsReadAsWritten(CancellationToken cancellationToken)
    {
        var set = Addresses("create", 1, "192.0.2.1", "192.0.2.2");

        await MakeAsync(null, set, cancellationToken);

        Expect.Equal([set], await provider.ReadAsync(zone, set.Name, cancellationToken));
    }

    private async Task Change_Replace_IsReadAsWritten(CancellationToken cancellationToken)
    {
        var first = Addresses("replace", 1, "192.0.2.1");
        var second = Addresses("replace", 2, "192.0.2.9") with { Ttl = TimeSpan.FromSeconds(30) };
        await MakeAsync(null, first, cancellationToken);

        await MakeAsync(first, second, cancellationToken);

        Expect.Equal([second], await provider.ReadAsync(zone, first.Name, cancellationToken));
    }

    private async Task Change_Remove_LeavesNothing(CancellationToken cancellationToken)
    {
        var set = Addresses("remove", 1, "192.0.2.1");
        await MakeAsync(null, set, cancellationToken);

        await MakeAsync(set, null, cancellationToken);

        Expect.Equal([], await provider.ReadAsync(zone, set.Name, cancellationToken));
    }

    private async Task Change_CreateOverExisting_IsConflict(CancellationToken cancellationToken)
    {
        var there = Addresses("over", 1, "192.0.2.1");
        await MakeAsync(null, there, cancellationToken);

        await Expect.FaultAsync(DrMeshError.DnsConflict, () => MakeAsync(null, Addresses("over", 2, "192.0.2.2"), cancellationToken));

        Expect.Equal([there], await provider.ReadAsync(zone, there.Name, cancellationToken));
    }

    private async Task Change_StaleBefore_IsConflict(CancellationToken cancellationToken)
    {
        var there = Addresses("stale", 1, "192.0.2.1");
        await MakeAsync(null, there, cancellationToken);

        await Expect.FaultAsync(
            DrMeshError.DnsConflict,
            () => MakeAsync(there with { Values = ["192.0.2.7"] }, Addresses("stale", 2, "192.0.2.2"), cancellationToken));

        Expect.Equal([there], await provider.ReadAsync(zone, there.Name, cancellationToken));
    }

    private async Task Change_StaleMark_IsConflict(CancellationToken cancellationToken)
    {
        var first = Addresses("mark", 1, "192.0.2.1");
        var renewed = Addresses("mark", 2, "192.0.2.1");
        await MakeAsync(null, first, cancellationToken);
        await MakeAsync(first, renewed, cancellationToken);

        // The answer is as it was read, but another switch has confirmed it meanwhile.
        await Expect.FaultAsync(DrMeshError.DnsConflict, () => MakeAsync(first, Addresses("mark", 1, "192.0.2.2"), cancellationToken));

        Expect.Equal([renewed], await provider.ReadAsync(zone, first.Name, cancellationToken));
    }

    private async Task Change_OneOfTwoConflicts_NothingIsChanged(CancellationToken cancellationToken)
    {
        var (one, two) = (Addresses("batch-1", 1, "192.0.2.1"), Addresses("batch-2", 1, "192.0.2.1"));
        await MakeAsync(null, one, cancellationToken);
        await MakeAsync(null, two, cancellationToken);
        var change = new ZoneChange(zone,
        [
            new RecordSetChange(one, Addresses("batch-1", 2, "192.0.2.2")),
            new RecordSetChange(two with { Values = ["192.0.2.7"] }, Addresses("batch-2", 2, "192.0.2.2")),
        ]);

        await Expect.FaultAsync(DrMeshError.DnsConflict, () => provider.ChangeAsync(change, cancellationToken));

        Expect.Equal([one], await provider.ReadAsync(zone, one.Name, cancellationToken));
        Expect.Equal([two], await provider.ReadAsync(zone, two.Name, cancellationToken));
    }

    private async Task Change_SetRemovedByOthers_CanBeMadeAgain(CancellationToken cancellationToken)
    {
        var first = Addresses("removed", 1, "192.0.2.1");
        var again = Addresses("removed", 2, "192.0.2.2");
        await MakeAsync(null, first, cancellationToken);
        // Another tool that knows nothing of marks removes the set alone: whatever carries the mark stays.
        await removeByOthers(first);

        await MakeAsync(null, again, cancellationToken);

        Expect.Equal([again], await provider.ReadAsync(zone, first.Name, cancellationToken));
    }

    private async Task Change_TwoTypesOfOneName_KeepTheirOwnMarks(CancellationToken cancellationToken)
    {
        var four = Addresses("dual", 1, "192.0.2.1");
        var six = four with { Type = RecordType.Aaaa, Values = ["2001:db8::1"], Owner = new OwnerMark(Shop, 7, 2) };
        await MakeAsync(null, four, cancellationToken);
        await MakeAsync(null, six, cancellationToken);

        var read = await provider.ReadAsync(zone, four.Name, cancellationToken);

        Expect.Equal([four, six], read.OrderBy(set => set.Type));
    }

    private async Task Change_Alias_IsReadAsWritten(CancellationToken cancellationToken)
    {
        var alias = Addresses("alias", 1, "eu.shop.example.net") with { Type = RecordType.Cname };
        await MakeAsync(null, alias, cancellationToken);

        Expect.Equal([alias], await provider.ReadAsync(zone, alias.Name, cancellationToken));
    }

    private async Task Zone_Unknown_IsNamed(CancellationToken cancellationToken)
    {
        var unknown = DnsName.Parse("no-such-zone.example");
        await Expect.FaultAsync(
            DrMeshError.DnsZoneUnknown, () => provider.ReadAsync(unknown, unknown.Prepend("www"), cancellationToken), unknown.Value, provider.Name);
    }

    private async Task Servers_AreListed(CancellationToken cancellationToken)
    {
        var servers = await provider.ListServersAsync(zone, cancellationToken);
        if (servers.Count == 0)
        {
            throw new InvalidOperationException("no authoritative server is listed");
        }
    }

    private async Task MakeAsync(RecordSet? before, RecordSet? after, CancellationToken cancellationToken) => await provider.ConfirmAsync(
        await provider.ChangeAsync(new ZoneChange(zone, [new RecordSetChange(before, after)]), cancellationToken), cancellationToken);

    private RecordSet Addresses(string label, long generation, params string[] values) => new()
    {
        Name = zone.Prepend(label),
        Type = RecordType.A,
        Ttl = TimeSpan.FromSeconds(60),
        Values = values,
        Owner = new OwnerMark(Shop, 7, generation),
    };
}

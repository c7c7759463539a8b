using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Engines.Dns;

/// <summary>
/// Where a provider without comments keeps an owner mark: a TXT record at <c>_drmesh-TYPE.NAME</c>, one for each name and type. It changes in the
/// same atomic batch as the records it speaks of, so it is also what makes two writers' changes exclude each other.
/// </summary>
internal static class MarkCarrier
{
    private const string AnyLabel = "_any";
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(60);

    /// <summary>The carrier's name for a name and type.</summary>
    public static DnsName For(DnsName name, RecordType type)
    {
        var below = name.Value.StartsWith("*.", StringComparison.Ordinal) ? AnyLabel + name.Value[1..] : name.Value;
        return DnsName.Parse($"_drmesh-{type.ToString().ToLowerInvariant()}.{below}");
    }

    /// <summary>The mark among a carrier's texts.</summary>
    public static OwnerMark? Read(IEnumerable<string> texts) => texts.Select(OwnerMark.TryParse).OfType<OwnerMark>().FirstOrDefault();

    /// <summary>The changes of the carriers that go with a zone's changes: one for each name and type, however many sets it has. A mark that stays the same is there too: it is what is compared.</summary>
    public static IEnumerable<RecordSetChange> Changes(ZoneChange change) =>
        from one in change.Changes
        group one by (one.Subject.Name, one.Subject.Type) into sets
        let before = sets.Select(set => set.Before?.Owner).OfType<OwnerMark>().FirstOrDefault()
        let after = sets.Select(set => set.After?.Owner).OfType<OwnerMark>().FirstOrDefault()
        where before is not null || after is not null
        select new RecordSetChange(Write(sets.Key.Name, sets.Key.Type, before), Write(sets.Key.Name, sets.Key.Type, after));

    private static RecordSet? Write(DnsName name, RecordType type, OwnerMark? mark) => mark is null
        ? null
        : new RecordSet { Name = For(name, type), Type = RecordType.Txt, Ttl = Ttl, Values = [mark.ToString()] };
}

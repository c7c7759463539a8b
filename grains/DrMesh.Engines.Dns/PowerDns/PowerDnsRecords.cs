using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Engines.Dns.PowerDns;

/// <summary>Turns record sets into the API's form and back.</summary>
internal static class PowerDnsRecords
{
    private const string Account = "drmesh";

    public static RecordSet? Read(PowerDnsRecordSet found)
    {
        var values = found.Records.Where(record => !record.Disabled).ToList();
        return Enum.TryParse<RecordType>(found.Type, ignoreCase: true, out var type) && DnsName.TryParse(found.Name, out var name) && values.Count > 0
            ? new RecordSet
            {
                Name = name,
                Type = type,
                Ttl = TimeSpan.FromSeconds(found.Ttl),
                Values = [.. values.Select(record => RecordSet.Normalize(type, Decode(type, record.Content)))],
                Owner = found.Comments.Where(comment => comment.Account == Account).Select(comment => OwnerMark.TryParse(comment.Content)).OfType<OwnerMark>().FirstOrDefault(),
            }
            : null;
    }

    /// <summary>The change in the API's form. Comments and disabled records of others stay.</summary>
    public static PowerDnsRecordSet Write(RecordSetChange change, PowerDnsRecordSet? current)
    {
        var kept = current?.Comments.Where(comment => comment.Account != Account || OwnerMark.TryParse(comment.Content) is null) ?? [];
        var disabled = current?.Records.Where(record => record.Disabled) ?? [];
        var subject = change.Subject;
        var set = new PowerDnsRecordSet
        {
            Name = subject.Name + ".",
            Type = subject.Type.ToString().ToUpperInvariant(),
            Ttl = (int)subject.Ttl.TotalSeconds,
            ChangeType = "REPLACE",
            Records = [.. disabled],
            Comments = [.. kept],
        };
        if (change.After is not { } after)
        {
            return set.Records.Count == 0 ? set with { ChangeType = "DELETE", Comments = [] } : set;
        }

        return set with
        {
            Records = [.. disabled, .. after.Values.Select(value => new PowerDnsRecord { Content = Encode(after.Type, value) })],
            Comments = after.Owner is { } owner ? [.. kept, new PowerDnsComment { Account = Account, Content = owner.ToString() }] : [.. kept],
        };
    }

    private static string Encode(RecordType type, string value) => type switch
    {
        RecordType.Cname => value + ".",
        RecordType.Txt => "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"",
        _ => value,
    };

    private static string Decode(RecordType type, string content) => type == RecordType.Txt
        ? content.Trim('"').Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
        : content;
}

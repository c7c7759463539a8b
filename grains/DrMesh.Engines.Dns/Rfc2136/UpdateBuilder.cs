using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using ARSoft.Tools.Net.Dns.DynamicUpdate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using RecordType = DrMesh.Core.Traffic.RecordType;
using WireType = ARSoft.Tools.Net.Dns.RecordType;

namespace DrMesh.Engines.Dns.Rfc2136;

/// <summary>
/// Writes a batch as one update message: prerequisites that hold only while every record set is as it was read (RFC 2136 section 2.4), then
/// the changes. A server applies the message whole or not at all (section 3.7), so together they are a compare-and-swap.
/// </summary>
internal static class UpdateBuilder
{
    public static DnsUpdateMessage Build(ZoneChange change)
    {
        var message = new DnsUpdateMessage { ZoneName = Name(change.Zone) };
        foreach (var one in change.Changes)
        {
            Expect(message, one.Subject.Name, one.Subject.Type, one.Before);
            if (one.Before is null && one.After is not null)
            {
                ExpectNoRival(message, one.After);
            }

            Replace(message, one.Subject.Name, one.Subject.Type, one.After);
        }

        foreach (var mark in MarkCarrier.Changes(change))
        {
            // Where no mark was read nothing is compared: one left over from a set that someone removed is replaced.
            if (mark.Before is not null)
            {
                Expect(message, mark.Subject.Name, RecordType.Txt, mark.Before);
            }

            Replace(message, mark.Subject.Name, RecordType.Txt, mark.After);
        }

        return message;
    }

    private static void Expect(DnsUpdateMessage message, DnsName name, RecordType type, RecordSet? before)
    {
        if (before is null)
        {
            message.Prequisites.Add(new RecordNotExistsPrequisite(Name(name), (WireType)type));
            return;
        }

        message.Prequisites.AddRange(before.Values.Select(value => new RecordExistsValueDependantPrequisite(Record(before, value))));
    }

    // Section 3.4.2.2: a server silently leaves out an address beside a CNAME, and a CNAME beside anything else. Asked for beforehand, it is a refusal.
    private static void ExpectNoRival(DnsUpdateMessage message, RecordSet after) => message.Prequisites.Add(
        after.Type == RecordType.Cname
            ? new NameIsNotInUsePrequisite(Name(after.Name))
            : new RecordNotExistsPrequisite(Name(after.Name), WireType.CName));

    private static void Replace(DnsUpdateMessage message, DnsName name, RecordType type, RecordSet? after)
    {
        message.Updates.Add(new DeleteAllRecordsUpdate(Name(name), (WireType)type));
        if (after is not null)
        {
            message.Updates.AddRange(after.Values.Select(value => new AddRecordUpdate(Record(after, value))));
        }
    }

    private static DnsRecordBase Record(RecordSet set, string value)
    {
        var name = Name(set.Name);
        var ttl = (int)set.Ttl.TotalSeconds;
        return set.Type switch
        {
            RecordType.A => new ARecord(name, ttl, IPAddress.Parse(value)),
            RecordType.Aaaa => new AaaaRecord(name, ttl, IPAddress.Parse(value)),
            RecordType.Cname => new CNameRecord(name, ttl, Name(DnsName.Parse(value))),
            _ => new TxtRecord(name, ttl, value),
        };
    }

    private static DomainName Name(DnsName name) => DomainName.Parse(name.Value);
}

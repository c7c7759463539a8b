using System.Globalization;
using System.Text;
using System.Xml.Linq;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Engines.Dns.Route53;

/// <summary>Turns record sets into the API's XML and back (API reference, ResourceRecordSet).</summary>
internal static class Route53Records
{
    public static readonly XNamespace Namespace = "https://route53.amazonaws.com/doc/2013-04-01/";

    /// <summary>Elements of a record set that DrMesh does not manage: reading one as if it were not there would remove it at the next switch.</summary>
    private static readonly string[] Unmanaged =
        ["AliasTarget", "GeoLocation", "GeoProximityLocation", "MultiValueAnswer", "CidrRoutingConfig", "TrafficPolicyInstanceId"];

    /// <summary>The batch that makes <paramref name="change"/>: what was there is deleted as it was read, which fails when it is no longer so.</summary>
    public static XElement WriteBatch(ZoneChange change, string comment) => new(
        Namespace + "ChangeResourceRecordSetsRequest",
        new XElement(
            Namespace + "ChangeBatch",
            new XElement(Namespace + "Comment", comment),
            new XElement(
                Namespace + "Changes",
                change.Changes.Select(one => one.Before).OfType<RecordSet>().Select(set => Change("DELETE", set)),
                change.Changes.Select(one => one.After).OfType<RecordSet>().Select(set => Change("CREATE", set)),
                MarkCarrier.Changes(change).SelectMany(WriteMark))));

    /// <summary>Reads one set; what of it DrMesh does not manage is in <paramref name="unmanaged"/>.</summary>
    public static RecordSet? Read(XElement element, out string? unmanaged)
    {
        unmanaged = Unmanaged.FirstOrDefault(name => element.Element(Namespace + name) is not null);
        return Enum.TryParse<RecordType>(Text(element, "Type"), ignoreCase: true, out var type) && TryReadName(Text(element, "Name"), out var name)
            ? new RecordSet
            {
                Name = name,
                Type = type,
                Ttl = TimeSpan.FromSeconds(Number(element, "TTL") ?? 0),
                Values = [.. element.Descendants(Namespace + "Value").Select(value => Decode(type, value.Value))],
                Routing = ReadRouting(element),
                HealthCheckId = Text(element, "HealthCheckId"),
            }
            : null;
    }

    /// <summary>Reads a name; the service writes every character but letters, digits, hyphen and underscore as an octal code.</summary>
    public static bool TryReadName(string? text, out DnsName name)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < (text ?? "").Length; i++)
        {
            if (text![i] == '\\' && i + 3 < text.Length)
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return DnsName.TryParse(plain.ToString(), out name);
    }

    private static IEnumerable<XElement> WriteMark(RecordSetChange mark)
    {
        if (mark is { Before: null, After: { } first })
        {
            // Nothing was read that could be compared; a mark left over from a set that someone removed is replaced.
            return [Change("UPSERT", first)];
        }

        return
        [
            .. mark.Before is { } before ? [Change("DELETE", before)] : Array.Empty<XElement>(),
            .. mark.After is { } after ? [Change("CREATE", after)] : Array.Empty<XElement>(),
        ];
    }

    private static XElement Change(string action, RecordSet set) => new(
        Namespace + "Change",
        new XElement(Namespace + "Action", action),
        new XElement(
            Namespace + "ResourceRecordSet",
            new XElement(Namespace + "Name", set.Name + "."),
            new XElement(Namespace + "Type", set.Type.ToString().ToUpperInvariant()),
            WriteRouting(set.Routing),
            new XElement(Namespace + "TTL", ((long)set.Ttl.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            new XElement(
                Namespace + "ResourceRecords",
                set.Values.Select(value => new XElement(Namespace + "ResourceRecord", new XElement(Namespace + "Value", Encode(set.Type, value))))),
            set.HealthCheckId is { } id ? new XElement(Namespace + "HealthCheckId", id) : null));

    private static IEnumerable<XElement> WriteRouting(Routing routing)
    {
        if (routing.Kind == DnsRouting.Simple)
        {
            yield break;
        }

        yield return new XElement(Namespace + "SetIdentifier", routing.SetIdentifier);
        yield return routing.Kind switch
        {
            DnsRouting.Weighted => new XElement(Namespace + "Weight", routing.Weight),
            DnsRouting.Failover => new XElement(Namespace + "Failover", routing.IsPrimary is true ? "PRIMARY" : "SECONDARY"),
            _ => new XElement(Namespace + "Region", routing.ProviderRegion),
        };
    }

    private static Routing ReadRouting(XElement element)
    {
        var identifier = Text(element, "SetIdentifier");
        return (Number(element, "Weight"), Text(element, "Failover"), Text(element, "Region")) switch
        {
            ({ } weight, _, _) => new Routing { Kind = DnsRouting.Weighted, SetIdentifier = identifier, Weight = (int)weight },
            (_, { } role, _) => new Routing { Kind = DnsRouting.Failover, SetIdentifier = identifier, IsPrimary = role == "PRIMARY" },
            (_, _, { } region) => new Routing { Kind = DnsRouting.Latency, SetIdentifier = identifier, ProviderRegion = region },
            _ => Routing.Simple,
        };
    }

    private static string Encode(RecordType type, string value) => type switch
    {
        RecordType.Cname => value + ".",
        RecordType.Txt => "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"",
        _ => value,
    };

    private static string Decode(RecordType type, string value) => type == RecordType.Txt
        ? value.Trim('"').Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
        : RecordSet.Normalize(type, value);

    private static string? Text(XElement element, string name) => element.Element(Namespace + name)?.Value;

    private static long? Number(XElement element, string name) =>
        long.TryParse(Text(element, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

using System.Collections.Specialized;
using System.Globalization;
using System.Xml.Linq;

namespace DrMesh.TestKit.Servers.FakeRoute53;

/// <summary>One hosted zone: its record sets as the XML they came in, and the rules of a batch.</summary>
internal sealed class FakeHostedZone(string id, string name, bool isPrivate)
{
    private static readonly XNamespace Xml = FakeRoute53Server.Xml;

    public string Name => name;

    public List<XElement> Sets { get; } = [];

    public XElement Element => new(
        Xml + "HostedZone",
        new XElement(Xml + "Id", "/hostedzone/" + id),
        new XElement(Xml + "Name", name),
        new XElement(Xml + "Config", new XElement(Xml + "PrivateZone", isPrivate ? "true" : "false")));

    /// <summary>The order in which the service lists names: by their labels from the last to the first.</summary>
    public static string Order(string name) => string.Join('.', name.TrimEnd('.').Split('.').Reverse()) + ".";

    public static string Text(XElement set, string element) => set.Element(Xml + element)?.Value ?? "";

    public FakeAnswer Describe() => new(200, new XElement(
        Xml + "GetHostedZoneResponse",
        Element,
        new XElement(Xml + "DelegationSet", new XElement(Xml + "NameServers", new XElement(Xml + "NameServer", "localhost")))));

    public FakeAnswer List(NameValueCollection query, int pageSize)
    {
        var most = Math.Min(pageSize, int.Parse(query["maxitems"] ?? "300", CultureInfo.InvariantCulture));
        var from = (Order(query["name"] ?? ""), query["type"] ?? "", query["identifier"] ?? "");
        var rest = Sets.OrderBy(Key).SkipWhile(set => Compare(Key(set), from) < 0).ToList();
        var next = rest.Skip(most).FirstOrDefault();
        return new FakeAnswer(200, new XElement(
            Xml + "ListResourceRecordSetsResponse",
            new XElement(Xml + "ResourceRecordSets", rest.Take(most)),
            new XElement(Xml + "IsTruncated", next is null ? "false" : "true"),
            next is null ? null : new[] { ("NextRecordName", "Name"), ("NextRecordType", "Type"), ("NextRecordIdentifier", "SetIdentifier") }
                .Where(pair => Text(next, pair.Item2).Length > 0)
                .Select(pair => new XElement(Xml + pair.Item1, Text(next, pair.Item2)))));
    }

    /// <summary>Applies a batch whole, or returns why nothing of it was applied.</summary>
    public List<string> Apply(XElement request)
    {
        List<XElement> after = [.. Sets];
        List<string> faults = [];
        foreach (var change in request.Descendants(Xml + "Change"))
        {
            var set = change.Element(Xml + "ResourceRecordSet")!;
            var present = after.Find(other => Identity(other) == Identity(set));
            var action = Text(change, "Action");
            switch (action)
            {
                case "DELETE" when present is null:
                    faults.Add($"Tried to delete resource record set {Quote(set)} but it was not found");
                    break;
                case "DELETE" when Content(present) != Content(set):
                    faults.Add($"Tried to delete resource record set {Quote(set)} but the values provided do not match the current values");
                    break;
                case "DELETE":
                    after.Remove(present);
                    break;
                case "CREATE" when present is not null:
                    faults.Add($"Tried to create resource record set {Quote(set)} but it already exists");
                    break;
                default:
                    after.RemoveAll(other => ReferenceEquals(other, present));
                    after.Add(new XElement(set));
                    break;
            }
        }

        faults.AddRange(Contradictions(after));
        if (faults.Count == 0)
        {
            Sets.Clear();
            Sets.AddRange(after);
        }

        return faults;
    }

    private IEnumerable<string> Contradictions(List<XElement> sets)
    {
        foreach (var set in sets.Where(set => !(Text(set, "Name") == name || Text(set, "Name").EndsWith("." + name, StringComparison.Ordinal))))
        {
            yield return $"RRSet with DNS name {Text(set, "Name")} is not permitted in zone {name}";
        }

        foreach (var same in sets.GroupBy(set => (Text(set, "Name"), Text(set, "Type"))))
        {
            if (same.Select(Policy).Distinct().Count() > 1)
            {
                yield return $"RRSet with DNS name {same.Key.Item1}, type {same.Key.Item2} cannot be created as other RRSets exist with the same name and type and another routing policy";
            }

            if (same.Count(set => Text(set, "Failover") == "PRIMARY") > 1)
            {
                yield return $"Failover resource record sets must have one primary only: {same.Key.Item1}";
            }
        }

        foreach (var alias in sets.Where(set => Text(set, "Type") == "CNAME" && sets.Exists(other => Text(other, "Name") == Text(set, "Name") && Text(other, "Type") != "CNAME")))
        {
            yield return $"RRSet of type CNAME with DNS name {Text(alias, "Name")} is not permitted as it conflicts with other records with the same DNS name in zone {name}";
        }
    }

    private static string Policy(XElement set) =>
        new[] { "Weight", "Failover", "Region" }.FirstOrDefault(element => set.Element(Xml + element) is not null) ?? "Simple";

    private static string Quote(XElement set) => $"[name='{Text(set, "Name")}', type='{Text(set, "Type")}'{(Text(set, "SetIdentifier") is { Length: > 0 } identifier ? $", set-identifier='{identifier}'" : "")}]";

    private static (string, string, string) Identity(XElement set) => (Text(set, "Name"), Text(set, "Type"), Text(set, "SetIdentifier"));

    private static string Content(XElement set) => string.Join('|',
        new[] { "TTL", "Weight", "Failover", "Region", "HealthCheckId" }.Select(element => Text(set, element))
            .Concat(set.Descendants(Xml + "Value").Select(value => value.Value).Order(StringComparer.Ordinal)));

    private static (string, string, string) Key(XElement set) => (Order(Text(set, "Name")), Text(set, "Type"), Text(set, "SetIdentifier"));

    private static int Compare((string Name, string Type, string Identifier) left, (string Name, string Type, string Identifier) right) =>
        string.CompareOrdinal(left.Name, right.Name) is var byName and not 0 ? byName
        : string.CompareOrdinal(left.Type, right.Type) is var byType and not 0 ? byType
        : string.CompareOrdinal(left.Identifier, right.Identifier);
}

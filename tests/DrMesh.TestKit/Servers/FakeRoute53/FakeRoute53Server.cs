using System.Globalization;
using System.Net;
using System.Text;
using System.Xml.Linq;

namespace DrMesh.TestKit.Servers.FakeRoute53;

/// <summary>
/// A FAKE of Amazon Route 53, since the real one cannot be had in a test. It does what the service's documentation (API version 2013-04-01) says of the calls
/// DrMesh makes: signatures are verified, requests above a rate are throttled, a change is PENDING before it is INSYNC, a batch is whole or not
/// at all, creating what exists and deleting what does not match is refused, lists come in pages. It serves no DNS.
/// </summary>
public sealed class FakeRoute53Server : IAsyncDisposable
{
    /// <summary>The access key it knows.</summary>
    public const string AccessKey = "AKIDFAKE";

    /// <summary>The secret of <see cref="AccessKey"/>.</summary>
    public const string SecretKey = "secret-of-a-fake";

    internal static readonly XNamespace Xml = "https://route53.amazonaws.com/doc/2013-04-01/";

    private readonly Dictionary<string, FakeHostedZone> _zones = [];
    private readonly Dictionary<string, int> _changes = [];
    private readonly Queue<DateTimeOffset> _recent = [];
    private readonly HttpAnswerer _http;

    private FakeRoute53Server() => _http = new HttpAnswerer(AnswerAsync);

    /// <summary>Where it answers.</summary>
    public Uri Url => _http.Url;

    /// <summary>Requests allowed in a second; the service allows 5 for an account.</summary>
    public int RequestsPerSecond { get; set; } = int.MaxValue;

    /// <summary>How many times a change is said to be PENDING before it is INSYNC.</summary>
    public int PendingAnswers { get; set; } = 1;

    /// <summary>The most entries of a page.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>How many further changes are refused because an earlier one is not complete.</summary>
    public int PriorRequestsNotComplete { get; set; }

    /// <summary>How many further requests are answered with status 500 without being acted on.</summary>
    public int InternalErrors { get; set; }

    /// <summary>Whether the next change is made and its answer lost.</summary>
    public bool LosesNextAnswer { get; set; }

    /// <summary>Requests it has seen, as METHOD PATH STATUS.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>Starts one with public hosted zones.</summary>
    public static FakeRoute53Server StartNew(params string[] zones)
    {
        var server = new FakeRoute53Server();
        foreach (var zone in zones)
        {
            server.AddZone(zone);
        }

        return server;
    }

    /// <summary>Adds a hosted zone and returns its id.</summary>
    public string AddZone(string name, bool isPrivate = false)
    {
        lock (_zones)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"Z{_zones.Count + 1:0000000}FAKE");
            _zones[id] = new FakeHostedZone(id, name.TrimEnd('.') + ".", isPrivate);
            return id;
        }
    }

    /// <summary>Removes record sets past every check, as another tool would.</summary>
    public void Remove(string name, string type)
    {
        lock (_zones)
        {
            foreach (var zone in _zones.Values)
            {
                zone.Sets.RemoveAll(set => FakeHostedZone.Text(set, "Name") == name + "." && FakeHostedZone.Text(set, "Type") == type);
            }
        }
    }

    /// <summary>Puts a record set into the first zone past every check.</summary>
    public void Put(XElement set)
    {
        lock (_zones)
        {
            _zones.Values.First().Sets.Add(set);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        FakeAnswer answer;
        lock (_zones)
        {
            answer = Refuse(context.Request, body) ?? Act(context.Request, body);
            Seen.Add($"{context.Request.HttpMethod} {context.Request.Url!.PathAndQuery} {answer.Status}");
        }

        if (LosesNextAnswer && context.Request.HttpMethod == "POST")
        {
            LosesNextAnswer = false;
            context.Response.Abort();
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(answer.Body.ToString(SaveOptions.DisableFormatting));
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "text/xml";
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }

    private FakeAnswer? Refuse(HttpListenerRequest request, string body)
    {
        if (InternalErrors > 0)
        {
            InternalErrors--;
            return FakeAnswer.Error(500, "InternalFailure", "We encountered an internal error. Please try again.");
        }

        var now = TimeProvider.System.GetUtcNow();
        while (_recent.TryPeek(out var oldest) && now - oldest > TimeSpan.FromSeconds(1))
        {
            _recent.Dequeue();
        }

        if (_recent.Count >= RequestsPerSecond)
        {
            return FakeAnswer.Error(400, "Throttling", "Rate exceeded");
        }

        _recent.Enqueue(now);
        return FakeSignature.Check(request, body);
    }

    private FakeAnswer Act(HttpListenerRequest request, string body)
    {
        var parts = request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.HttpMethod, parts) switch
        {
            ("GET", ["2013-04-01", "hostedzonesbyname"]) => ListZones(request),
            ("GET", ["2013-04-01", "change", var id]) => GetChange(id),
            (_, ["2013-04-01", "hostedzone", var id, ..]) when !_zones.ContainsKey(id) =>
                FakeAnswer.Error(404, "NoSuchHostedZone", $"No hosted zone found with ID: {id}"),
            ("GET", ["2013-04-01", "hostedzone", var id]) => _zones[id].Describe(),
            ("GET", ["2013-04-01", "hostedzone", var id, "rrset"]) => _zones[id].List(request.QueryString, PageSize),
            ("POST", ["2013-04-01", "hostedzone", var id, "rrset"]) => Change(_zones[id], body),
            _ => FakeAnswer.Error(400, "InvalidInput", $"the fake does not know {request.HttpMethod} {request.Url.AbsolutePath}"),
        };
    }

    private FakeAnswer ListZones(HttpListenerRequest request)
    {
        var from = (request.QueryString["dnsname"] ?? "").TrimEnd('.') + ".";
        var zones = _zones.Values.Where(zone => string.CompareOrdinal(FakeHostedZone.Order(zone.Name), FakeHostedZone.Order(from)) >= 0)
            .OrderBy(zone => FakeHostedZone.Order(zone.Name), StringComparer.Ordinal).Select(zone => zone.Element);
        return new FakeAnswer(200, new XElement(Xml + "ListHostedZonesByNameResponse", new XElement(Xml + "HostedZones", zones), new XElement(Xml + "IsTruncated", "false")));
    }

    private FakeAnswer Change(FakeHostedZone zone, string body)
    {
        if (PriorRequestsNotComplete > 0)
        {
            PriorRequestsNotComplete--;
            return FakeAnswer.Error(400, "PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request.");
        }

        if (zone.Apply(XElement.Parse(body)) is { Count: > 0 } faults)
        {
            return new FakeAnswer(400, new XElement(
                Xml + "InvalidChangeBatch", new XElement(Xml + "Messages", faults.Select(fault => new XElement(Xml + "Message", fault)))));
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"C{_changes.Count + 1:0000000}FAKE");
        _changes[id] = PendingAnswers;
        return new FakeAnswer(200, new XElement(Xml + "ChangeResourceRecordSetsResponse", ChangeInfo(id, "PENDING")));
    }

    private FakeAnswer GetChange(string id)
    {
        if (!_changes.TryGetValue(id, out var left))
        {
            return FakeAnswer.Error(404, "NoSuchChange", $"A change with the specified change ID {id} does not exist");
        }

        _changes[id] = left - 1;
        return new FakeAnswer(200, new XElement(Xml + "GetChangeResponse", ChangeInfo(id, left > 0 ? "PENDING" : "INSYNC")));
    }

    private static XElement ChangeInfo(string id, string status) => new(
        Xml + "ChangeInfo",
        new XElement(Xml + "Id", "/change/" + id),
        new XElement(Xml + "Status", status),
        new XElement(Xml + "SubmittedAt", TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
}

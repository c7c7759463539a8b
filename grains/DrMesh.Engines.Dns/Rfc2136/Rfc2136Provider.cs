using DrMesh.Contracts.Estate;
using System.Net;
using ARSoft.Tools.Net.Dns;
using ARSoft.Tools.Net.Dns.DynamicUpdate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using DrMesh.Engines.Dns.Verification;
using Microsoft.Extensions.Logging;
using RecordType = DrMesh.Core.Traffic.RecordType;
using UpdateClient = ARSoft.Tools.Net.Dns.DnsClient;

namespace DrMesh.Engines.Dns.Rfc2136;

/// <summary>A server that takes dynamic updates: bind, knot, PowerDNS, and others. Marks are TXT records beside the name.</summary>
internal sealed class Rfc2136Provider(
    DnsProviderDefinition definition,
    Contracts.Estate.Rfc2136Provider settings,
    DnsOptions options,
    TimeProvider time,
    ILogger<Rfc2136Provider> logger) : IDnsProvider
{
    private static readonly RecordType[] Types = [RecordType.A, RecordType.Aaaa, RecordType.Cname, RecordType.Txt];
    private readonly TsigKey _key = TsigKey.Read(definition.Name, settings);

    /// <inheritdoc/>
    public string Name => definition.Name;

    /// <inheritdoc/>
    public ProviderTraits Traits { get; } = new()
    {
        ChangesAtomically = true,
        ComparesBeforeChange = true,
        ConfirmsPropagation = false,
        Routing = [DnsRouting.Simple],
        HasHealthChecks = false,
    };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecordSet>> ReadAsync(DnsName zone, DnsName name, CancellationToken cancellationToken)
    {
        var server = await FindServerAsync(cancellationToken);
        var sets = await Task.WhenAll(Types.Select(type => ReadSetAsync(server, zone, name, type, cancellationToken)));
        return [.. sets.OfType<RecordSet>()];
    }

    /// <inheritdoc/>
    public async Task<ChangeReceipt> ChangeAsync(ZoneChange change, CancellationToken cancellationToken)
    {
        var server = await FindServerAsync(cancellationToken);
        var message = UpdateBuilder.Build(change);
        message.TSigOptions = _key.Sign(message.TransactionID, time.GetUtcNow());
        // The client says nothing when it cannot connect; asked first, "not reached" and "no answer" stay two different faults.
        await ProbeAsync(server, cancellationToken);
        DnsUpdateMessage? answer;
        try
        {
            using var transport = new TcpClientTransport(server.Port);
            using var client = new UpdateClient([server.Address], [transport], false, (int)options.CallTimeout.TotalMilliseconds);
            answer = await client.SendUpdateAsync(message, cancellationToken).WaitAsync(options.CallTimeout + options.CallTimeout, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw DnsFaults.ChangeUnknown(Name, change.Zone, $"no answer within {options.CallTimeout.TotalSeconds:0.#} s", late);
        }

        if (answer is null)
        {
            throw DnsFaults.ChangeUnknown(Name, change.Zone, $"no valid answer within {options.CallTimeout.TotalSeconds:0.#} s");
        }

        if (answer.ReturnCode != ReturnCode.NoError)
        {
            throw Rfc2136Errors.Of(Name, settings, change, answer);
        }

        logger.Updated(Name, change.Zone, change.Changes.Count, server);
        return new ChangeReceipt(change.Zone, "");
    }

    /// <inheritdoc/>
    public Task ConfirmAsync(ChangeReceipt receipt, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuthoritativeServer>> ListServersAsync(DnsName zone, CancellationToken cancellationToken) =>
        ZoneServers.FindAsync(Name, zone, definition.AuthoritativeServers, cancellationToken);

    private async Task<IPEndPoint> FindServerAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await EndPoints.ResolveAsync(settings.Server, cancellationToken))[0];
        }
        catch (System.Net.Sockets.SocketException unknown)
        {
            throw DnsFaults.Unreachable(Name, settings.Server, unknown.Message, unknown);
        }
    }

    private async Task ProbeAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.CallTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var socket = new System.Net.Sockets.TcpClient(server.AddressFamily);
        try
        {
            await socket.ConnectAsync(server, both.Token);
        }
        catch (System.Net.Sockets.SocketException refused)
        {
            throw DnsFaults.Unreachable(Name, settings.Server, refused.Message, refused);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw DnsFaults.Unreachable(Name, settings.Server, $"no connection within {options.CallTimeout.TotalSeconds:0.#} s", late);
        }
    }

    private async Task<RecordSet?> ReadSetAsync(
        IPEndPoint server, DnsName zone, DnsName owner, RecordType type, CancellationToken cancellationToken)
    {
        var records = await AskAsync(server, zone, owner, type, cancellationToken);
        if (records.Count == 0)
        {
            return null;
        }

        var marks = await AskAsync(server, zone, MarkCarrier.For(owner, type), RecordType.Txt, cancellationToken);
        return new RecordSet
        {
            Name = owner,
            Type = type,
            Ttl = records.Min(record => record.Ttl),
            Values = [.. records.Select(record => record.Value)],
            Owner = MarkCarrier.Read(marks.Select(mark => mark.Value)),
        };
    }

    private async Task<IReadOnlyList<AnsweredRecord>> AskAsync(
        IPEndPoint server, DnsName zone, DnsName owner, RecordType type, CancellationToken cancellationToken)
    {
        var answer = await DirectQuery.AskAsync(server, owner, type, options.CallTimeout, cancellationToken);
        return answer.Fault is { } fault ? throw Rfc2136Errors.OfQuery(Name, settings, zone, fault) : answer.Records;
    }
}

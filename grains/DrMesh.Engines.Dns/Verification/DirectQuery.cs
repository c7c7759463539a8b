using System.Net;
using DnsClient;
using DnsClient.Protocol;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Engines.Dns.Verification;

/// <summary>One record as a server gave it.</summary>
internal sealed record AnsweredRecord(string Value, TimeSpan Ttl);

/// <summary>What one server answered to one question: records, or why there are none to use.</summary>
internal sealed record DirectAnswer(IReadOnlyList<AnsweredRecord> Records, string? Fault);

/// <summary>Asks one server one question: no cache, no recursion, UDP first and TCP when the answer was cut.</summary>
internal static class DirectQuery
{
    /// <summary>Asks. A name or type that does not exist is an empty answer; everything that is no answer with authority is a fault.</summary>
    public static async Task<DirectAnswer> AskAsync(
        IPEndPoint server, DnsName name, RecordType type, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var client = new LookupClient(new LookupClientOptions(server)
        {
            UseCache = false,
            Recursion = false,
            Retries = 1,
            Timeout = timeout,
            UseTcpFallback = true,
            ThrowDnsErrors = false,
            ContinueOnDnsError = false,
            ContinueOnEmptyResponse = false,
            EnableAuditTrail = false,
        });
        try
        {
            var response = await client.QueryAsync(name.Value, (QueryType)type, cancellationToken: cancellationToken);
            return response switch
            {
                { HasError: true, Header.ResponseCode: not DnsHeaderResponseCode.NotExistentDomain } => Faulty(response.ErrorMessage),
                { Header.HasAuthorityAnswer: false } => Faulty("it answers without authority"),
                _ => new([.. response.Answers.Where(record => IsFor(record, name, type)).Select(Read)], null),
            };
        }
        catch (DnsResponseException noResponse)
        {
            return Faulty(noResponse.Code == DnsResponseCode.ConnectionTimeout ? $"no answer within {timeout.TotalSeconds:0.#} s" : noResponse.DnsError);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Faulty($"no answer within {timeout.TotalSeconds:0.#} s");
        }
    }

    private static DirectAnswer Faulty(string words) => new([], words);

    private static bool IsFor(DnsResourceRecord record, DnsName name, RecordType type) =>
        (int)record.RecordType == (int)type && DnsName.TryParse(record.DomainName.Value, out var owner) && owner == name;

    private static AnsweredRecord Read(DnsResourceRecord record) => new(
        record switch
        {
            AddressRecord address => address.Address.ToString(),
            CNameRecord alias => DnsName.TryParse(alias.CanonicalName.Value, out var target) ? target.Value : alias.CanonicalName.Value,
            TxtRecord text => string.Concat(text.Text),
            _ => record.ToString(),
        },
        TimeSpan.FromSeconds(record.InitialTimeToLive));
}

using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace DrMesh.Lab.Load;

/// <summary>Asks one authoritative server for a name's address, each time anew.</summary>
internal sealed class NameLookup(IPEndPoint server, string name)
{
    private readonly LookupClient _client = new(new LookupClientOptions(server)
    {
        UseCache = false, Recursion = false, Retries = 1, Timeout = TimeSpan.FromMilliseconds(500), ThrowDnsErrors = false, ContinueOnDnsError = false,
    });

    /// <summary>The address the name answers with now; null: none, or the server does not answer.</summary>
    public async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _client.QueryAsync(name, QueryType.A, QueryClass.IN, cancellationToken);
            return answer.Answers.OfType<ARecord>().FirstOrDefault()?.Address.ToString();
        }
        catch (DnsResponseException)
        {
            return null;
        }
    }
}

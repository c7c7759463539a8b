using DrMesh.Core.Traffic;
using Microsoft.Extensions.Options;

namespace DrMesh.Engines.Dns.Verification;

/// <inheritdoc/>
internal sealed class AuthoritativeVerifier(TimeProvider time, IOptions<DnsOptions> options) : IAuthoritativeVerifier
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<AnswerAgreement> AskAsync(
        ExpectedAnswer expected, IReadOnlyList<AuthoritativeServer> servers, CancellationToken cancellationToken) =>
        AnswerAgreement.Judge(expected, await Task.WhenAll(servers.Select(server => AskOneAsync(expected, server, cancellationToken))));

    /// <inheritdoc/>
    public async Task<AnswerAgreement> WaitAsync(
        ExpectedAnswer expected,
        IReadOnlyList<AuthoritativeServer> servers,
        TimeSpan within,
        Action<ServerAnswer>? onAgreed,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pause = ShortestPause;
        HashSet<AuthoritativeServer> agreed = [];
        while (true)
        {
            // All are asked each time, also those that agreed before: one that falls back to the old answer is not agreement.
            var agreement = await AskAsync(expected, servers, cancellationToken);
            foreach (var answer in agreement.Answers.Where(answer => AnswerAgreement.Judge(expected, [answer]).IsReached && agreed.Add(answer.Server)))
            {
                onAgreed?.Invoke(answer);
            }

            if (agreement.IsReached || time.GetElapsedTime(started) >= within)
            {
                return agreement;
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private async Task<ServerAnswer> AskOneAsync(ExpectedAnswer expected, AuthoritativeServer server, CancellationToken cancellationToken)
    {
        var answer = await DirectQuery.AskAsync(server.EndPoint, expected.Name, expected.Type, options.Value.QueryTimeout, cancellationToken);
        return new ServerAnswer { Server = server, Values = [.. answer.Records.Select(record => record.Value)], Fault = answer.Fault };
    }
}

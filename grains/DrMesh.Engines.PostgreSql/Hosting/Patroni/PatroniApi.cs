using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Databases.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Hosting.Patroni;

/// <summary>The calls of Patroni's REST API that DrMesh makes. Source: Patroni's manual, "REST API".</summary>
internal sealed class PatroniApi(PatroniOptions options, TimeProvider time) : IDisposable
{
    // It still waits for a server that it started before, and that was stopped since.
    private const string Busy = "already in progress";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Lazy<HttpClient> _http = new(() => Connect(options));

    /// <summary>How it is set up.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ServerHostFailed"/>.</exception>
    public async Task<PatroniFacts> ReadAsync(CancellationToken cancellationToken)
    {
        var status = await GetAsync("patroni", cancellationToken);
        var cluster = await GetAsync("cluster", cancellationToken);
        var (code, settings) = await SendAsync(HttpMethod.Get, "config", null, options.CallTimeout, cancellationToken);
        try
        {
            // It has no settings before somebody stored some, and then it goes by its own file.
            return PatroniFacts.Read(status, cluster, code == HttpStatusCode.OK ? settings : null);
        }
        catch (JsonException odd)
        {
            throw Failed($"is not Patroni's: {odd.Message}", "correct patroniUrl in the estate", odd);
        }
    }

    /// <summary>Whether its last look at its server found it stopped, and gave up the leader's key; and the second in which it last read its store.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ServerHostFailed"/>.</exception>
    public async Task<(bool IsStopped, long LastRead)> ReadLastLookAsync(CancellationToken cancellationToken)
    {
        using var status = JsonDocument.Parse(await GetAsync("patroni", cancellationToken));
        return (
            status.RootElement.TryGetProperty("state", out var state) && state.ValueEquals("stopped") && status.RootElement.TryGetProperty("cluster_unlocked", out _),
            status.RootElement.TryGetProperty("dcs_last_seen", out var at) ? at.GetInt64() : 0);
    }

    /// <summary>Has it start its stopped server, and waits until that accepts connections.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ServerHostFailed"/>: it refused, or could not.</exception>
    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"timeout": "{{options.Patience.TotalSeconds:0}}"}""");
        var begun = time.GetTimestamp();
        var (code, answer) = await SendAsync(HttpMethod.Post, "restart", body, options.Patience + options.CallTimeout, cancellationToken);
        while (answer.Contains(Busy, StringComparison.Ordinal) && time.GetElapsedTime(begun) < options.Patience)
        {
            await Task.Delay(Pause, time, cancellationToken);
            (code, answer) = await SendAsync(HttpMethod.Post, "restart", body, options.Patience + options.CallTimeout, cancellationToken);
        }

        if (code is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw Failed(
                $"does not let {(options.User is { } user ? $"user {user.Name}" : "a caller without a user")} start the server: {(int)code}",
                "set patroniUser in the estate as restapi.authentication of Patroni says");
        }

        if (code != HttpStatusCode.OK)
        {
            throw Failed($"did not start the server: {(int)code} {answer.Trim()}", "look at Patroni's log and the server's");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }

    private async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        var (code, answer) = await SendAsync(HttpMethod.Get, path, null, options.CallTimeout, cancellationToken);
        return code == HttpStatusCode.OK ? answer : throw Failed($"answers /{path} with {(int)code}", "look at Patroni's log");
    }

    private async Task<(HttpStatusCode Code, string Answer)> SendAsync(HttpMethod method, string path, string? body, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limit);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
            {
                // Its server reads a body of a known length only.
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Headers.Authorization = Authorization();
            }

            using var response = await _http.Value.SendAsync(request, late.Token);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(late.Token));
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var words = silent is OperationCanceledException ? string.Create(CultureInfo.InvariantCulture, $"nothing within {limit.TotalSeconds:0} s") : (silent.InnerException ?? silent).Message;
            throw Failed(
                $"does not answer: {words}",
                silent.InnerException is AuthenticationException
                    ? "put the authority that signed its certificate into tlsAuthorityFile of the cluster, and name the certificate's host in patroniUrl" : "see whether Patroni runs and reaches its store",
                silent);
        }
    }

    private AuthenticationHeaderValue? Authorization()
    {
        if (options.User is not { } user)
        {
            return null;
        }

        try
        {
            var password = user.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : "";
            return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user.Name}:{password}")));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"the password of {user.Name} for {options.Url} cannot be read: {unreadable.Message}", $"put it into {user.PasswordFile} on this machine, readable by the silo's user", unreadable);
        }
    }

    // Its certificate is always verified: who could answer in its place could have a fenced server started.
    private static HttpClient Connect(PatroniOptions options)
    {
        var security = new SslClientAuthenticationOptions();
        if (options.AuthorityFile is { } file)
        {
            var trusted = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            try
            {
                trusted.CustomTrustStore.ImportFromPemFile(file);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw Unusable($"the authorities for {options.Url} cannot be read: {unreadable.Message}", $"put their certificates into {file} on this machine", unreadable);
            }

            security.CertificateChainPolicy = trusted;
        }

        return new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2), SslOptions = security })
        {
            BaseAddress = options.Url,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private DrMeshException Failed(string how, string hint, Exception? cause = null) => new(DrMeshError.ServerHostFailed, $"the REST API of Patroni at {options.Url} {how}", hint, cause);

    private static DrMeshException Unusable(string message, string hint, Exception cause) => new(DrMeshError.ConfigurationInvalid, message, hint, cause);
}

using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using DrMesh.Contracts.Errors;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>
/// A connection in replication mode that can run BASE_BACKUP, which Npgsql's cannot. Source: the manual's "Message Flow", "Message Formats", "Streaming Replication Protocol".
/// </summary>
internal sealed class ReplicationClient : IAsyncDisposable
{
    private const int ProtocolVersion = 3 << 16;
    private const int SslRequest = 80877103;
    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly byte[] _head = new byte[5];
    private Stream _stream = Stream.Null;
    private Stream _reader = Stream.Null;
    private byte[] _body = new byte[64 << 10];

    private ReplicationClient(NpgsqlConnectionStringBuilder settings) => _settings = settings;

    /// <summary>Connects and authenticates.</summary>
    public static async Task<ReplicationClient> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var client = new ReplicationClient(new NpgsqlConnectionStringBuilder(connectionString));
        try
        {
            await client.ConnectAsync(cancellationToken);
            await client.StartUpAsync(cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a command; its answer is read with <see cref="ReadAsync"/>.</summary>
    public Task SendQueryAsync(string command, CancellationToken cancellationToken) => SendAsync((byte)'Q', [.. Encoding.UTF8.GetBytes(command), 0], cancellationToken);

    /// <summary>The next message; notices and parameter changes are passed over. The body is valid until the next call.</summary>
    /// <exception cref="DrMeshException">The server sent an error.</exception>
    public async ValueTask<(char Type, ReadOnlyMemory<byte> Body)> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _reader.ReadExactlyAsync(_head, cancellationToken);
            var length = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(1)) - 4;
            if (length > _body.Length)
            {
                _body = new byte[length];
            }

            await _reader.ReadExactlyAsync(_body.AsMemory(0, length), cancellationToken);
            var type = (char)_head[0];
            if (type == 'E')
            {
                throw ServerError(_body.AsSpan(0, length));
            }

            if (type is not ('N' or 'S'))
            {
                return (type, _body.AsMemory(0, length));
            }
        }
    }

    /// <summary>Reads one result set: its rows as text, null for null. What ends the command before it is passed over.</summary>
    public async Task<IReadOnlyList<string?[]>> ReadRowsAsync(CancellationToken cancellationToken)
    {
        var rows = new List<string?[]>();
        while (true)
        {
            var (type, body) = await ReadAsync(cancellationToken);
            switch (type)
            {
                case 'D':
                    rows.Add(Row(body.Span));
                    break;
                case 'C':
                    return rows;
                default:
                    // The description of the columns, which are known; or that the server is ready, from the command before.
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static string?[] Row(ReadOnlySpan<byte> body)
    {
        var columns = new string?[BinaryPrimitives.ReadInt16BigEndian(body)];
        body = body[2..];
        for (var index = 0; index < columns.Length; index++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body);
            body = body[4..];
            if (length >= 0)
            {
                columns[index] = Encoding.UTF8.GetString(body[..length]);
                body = body[length..];
            }
        }

        return columns;
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var host = _settings.Host ?? "127.0.0.1";
        var isLocal = host.StartsWith('/');
        var socket = isLocal ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await (isLocal
                ? socket.ConnectAsync(new UnixDomainSocketEndPoint($"{host}/.s.PGSQL.{_settings.Port}"), cancellationToken)
                : socket.ConnectAsync(host, _settings.Port, cancellationToken));
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _stream = new NetworkStream(socket, ownsSocket: true);
        if (!isLocal && _settings.SslMode != SslMode.Disable && await AskForTlsAsync(cancellationToken))
        {
            await SecureAsync(host, cancellationToken);
        }

        // Only reads are buffered: messages are small, what is written is flushed at once anyway.
        _reader = new BufferedStream(_stream, 256 << 10);
    }

    private async Task<bool> AskForTlsAsync(CancellationToken cancellationToken)
    {
        var request = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(request, 8);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(4), SslRequest);
        await _stream.WriteAsync(request, cancellationToken);
        await _stream.FlushAsync(cancellationToken);
        var answer = new byte[1];
        await _stream.ReadExactlyAsync(answer, cancellationToken);
        if (answer[0] == 'S')
        {
            return true;
        }

        return _settings.SslMode is SslMode.Prefer or SslMode.Allow
            ? false
            : throw new DrMeshException(DrMeshError.PostgresRefused, $"{_settings.Host} offers no TLS, and the connection asks for it", "set ssl = on there, or SslMode=Prefer");
    }

    private async Task SecureAsync(string host, CancellationToken cancellationToken)
    {
        var isVerified = _settings.SslMode is SslMode.VerifyCA or SslMode.VerifyFull;
        var tls = new SslStream(_stream);
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (!isVerified)
        {
            // As libpq and Npgsql do: below verify-ca the connection is encrypted and the server not identified.
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        }
        else if (_settings.SslMode == SslMode.VerifyCA)
        {
            options.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        }

        await tls.AuthenticateAsClientAsync(options, cancellationToken);
        _stream = tls;
    }

    private async Task StartUpAsync(CancellationToken cancellationToken)
    {
        var parameters = $"user\0{_settings.Username}\0replication\0true\0application_name\0drmesh backup\0\0";
        var body = new byte[8 + Encoding.UTF8.GetByteCount(parameters)];
        BinaryPrimitives.WriteInt32BigEndian(body, body.Length);
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(4), ProtocolVersion);
        Encoding.UTF8.GetBytes(parameters, body.AsSpan(8));
        await _stream.WriteAsync(body, cancellationToken);
        await _stream.FlushAsync(cancellationToken);

        var scram = new ScramClient(_settings.Password ?? "");
        while (true)
        {
            var (type, message) = await ReadAsync(cancellationToken);
            if (type == 'Z')
            {
                return;
            }

            if (type == 'R')
            {
                await AuthenticateAsync(scram, message, cancellationToken);
            }
        }
    }

    private async Task AuthenticateAsync(ScramClient scram, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var rest = message[4..];
        switch (BinaryPrimitives.ReadInt32BigEndian(message.Span))
        {
            case 0:
                return;
            case 3:
                await SendAsync((byte)'p', [.. Encoding.UTF8.GetBytes(_settings.Password ?? ""), 0], cancellationToken);
                return;
            case 10:
                var first = scram.First();
                var begin = new byte[ScramClient.Mechanism.Length + 5 + first.Length];
                Encoding.ASCII.GetBytes(ScramClient.Mechanism, begin);
                BinaryPrimitives.WriteInt32BigEndian(begin.AsSpan(ScramClient.Mechanism.Length + 1), first.Length);
                first.CopyTo(begin, ScramClient.Mechanism.Length + 5);
                await SendAsync((byte)'p', begin, cancellationToken);
                return;
            case 11:
                await SendAsync((byte)'p', scram.Final(Encoding.UTF8.GetString(rest.Span)), cancellationToken);
                return;
            case 12:
                scram.Verify(Encoding.UTF8.GetString(rest.Span));
                return;
            case var other:
                throw new DrMeshException(
                    DrMeshError.PostgresRefused,
                    $"{_settings.Host} asks for authentication of kind {other}, which DrMesh does not speak",
                    "use scram-sha-256 for replication connections in pg_hba.conf");
        }
    }

    private async Task SendAsync(byte type, byte[] body, CancellationToken cancellationToken)
    {
        var message = new byte[5 + body.Length];
        message[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        body.CopyTo(message, 5);
        await _stream.WriteAsync(message, cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    private DrMeshException ServerError(ReadOnlySpan<byte> body)
    {
        var fields = Encoding.UTF8.GetString(body).Split('\0', StringSplitOptions.RemoveEmptyEntries).ToLookup(field => field[0], field => field[1..]);
        var text = fields['M'].FirstOrDefault() ?? "an error without a text";
        var isPromotion = text.Contains("promoted", StringComparison.Ordinal);
        return new DrMeshException(
            isPromotion ? DrMeshError.PostgresChangedDuringBackup : DrMeshError.PostgresRefused,
            $"{_settings.Host}:{_settings.Port} says: {text}",
            fields['H'].FirstOrDefault() ?? "see the server's log");
    }
}

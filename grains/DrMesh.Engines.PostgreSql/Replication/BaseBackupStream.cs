using System.Globalization;
using System.Text;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>
/// The answer to BASE_BACKUP: the start, the tablespaces, then one tar archive for the data directory and for each tablespace, then the stop. The archives are read one after
/// another, each as a stream. Source: the manual's "Streaming Replication Protocol", BASE_BACKUP of version 15.
/// </summary>
internal sealed class BaseBackupStream : Stream
{
    private readonly ReplicationClient _client;
    private ReadOnlyMemory<byte> _data;
    private string? _nextArchive;
    private bool _isOver;

    private BaseBackupStream(ReplicationClient client, Lsn start, TimelineId timeline, IReadOnlyList<TablespaceEntry> tablespaces, long sizeEstimate)
    {
        _client = client;
        Start = start;
        Timeline = timeline;
        Tablespaces = tablespaces;
        SizeEstimate = sizeEstimate;
    }

    /// <summary>Where replay begins.</summary>
    public Lsn Start { get; }

    /// <summary>The timeline.</summary>
    public TimelineId Timeline { get; }

    /// <summary>The tablespaces outside the data directory.</summary>
    public IReadOnlyList<TablespaceEntry> Tablespaces { get; }

    /// <summary>Bytes of all files, as the server estimates.</summary>
    public long SizeEstimate { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Begins a backup; returns once the server's checkpoint is done.</summary>
    public static async Task<BaseBackupStream> BeginAsync(ReplicationClient client, string label, bool fast, bool includeWal, CancellationToken cancellationToken)
    {
        var quoted = label.Replace("'", "''", StringComparison.Ordinal);
        // Checksums are verified here, so that a bad page marks the backup and does not end it.
        await client.SendQueryAsync(
            $"BASE_BACKUP ( LABEL '{quoted}', PROGRESS true, CHECKPOINT '{(fast ? "fast" : "spread")}', WAL {(includeWal ? "true" : "false")}, WAIT false, MANIFEST 'no', VERIFY_CHECKSUMS false )",
            cancellationToken);
        var start = (await client.ReadRowsAsync(cancellationToken))[0];
        var spaces = await client.ReadRowsAsync(cancellationToken);
        return new BaseBackupStream(
            client,
            Lsn.Parse(start[0]!),
            new TimelineId(uint.Parse(start[1]!, CultureInfo.InvariantCulture)),
            [.. spaces.Where(row => row[0] is not null).Select(row => new TablespaceEntry(uint.Parse(row[0]!, CultureInfo.InvariantCulture), row[1]!))],
            spaces.Sum(row => row[2] is { } kilobytes ? long.Parse(kilobytes, CultureInfo.InvariantCulture) << 10 : 0));
    }

    /// <summary>Goes to the next archive; null: there is none any more. The name is <c>base.tar</c>, or a tablespace's oid with <c>.tar</c>.</summary>
    public async Task<string?> NextArchiveAsync(CancellationToken cancellationToken)
    {
        var waste = new byte[64 << 10];
        while (_nextArchive is null && await ReadAsync(waste, cancellationToken) > 0)
        {
            // What follows the last entry of a tar is padding.
        }

        while (_nextArchive is null && !_isOver)
        {
            await AdvanceAsync(cancellationToken);
        }

        var name = _nextArchive;
        _nextArchive = null;
        return name;
    }

    /// <summary>Reads where the backup ends; after the last archive.</summary>
    public async Task<Lsn> FinishAsync(CancellationToken cancellationToken) => Lsn.Parse((await _client.ReadRowsAsync(cancellationToken))[0][0]!);

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_data.IsEmpty)
        {
            if (_isOver || _nextArchive is not null)
            {
                return 0;
            }

            await AdvanceAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _data.Length);
        _data[..count].CopyTo(buffer);
        _data = _data[count..];
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read it asynchronously");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task AdvanceAsync(CancellationToken cancellationToken)
    {
        var (type, body) = await _client.ReadAsync(cancellationToken);
        if (type == 'c')
        {
            _isOver = true;
        }
        else if (type == 'd' && body.Span[0] == 'd')
        {
            _data = body[1..];
        }
        else if (type == 'd' && body.Span[0] == 'n')
        {
            var text = body[1..].Span;
            _nextArchive = Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
        }
    }
}

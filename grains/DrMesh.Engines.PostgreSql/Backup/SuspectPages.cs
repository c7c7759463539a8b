using DrMesh.Contracts.Databases;
using DrMesh.Engines.PostgreSql.Pages;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>Pages of a remote backup that failed their check: torn while they were sent, or damaged. Which, the server's disk tells when they are read again.</summary>
internal sealed class SuspectPages
{
    private const int Attempts = 5;
    private readonly List<(string Path, long Offset, uint Block, Lsn Lsn)> _pages = [];

    /// <summary>Notes a page.</summary>
    public void Add(string path, long offset, uint block, Lsn lsn) => _pages.Add((path, offset, block, lsn));

    /// <summary>Reads each again through <paramref name="connection"/>; those that stay wrong are bad.</summary>
    public async Task ResolveAsync(NpgsqlConnection connection, BadPages badPages, CancellationToken cancellationToken)
    {
        foreach (var page in _pages)
        {
            if (!await IsWholeNowAsync(connection, page.Path, page.Offset, page.Block, cancellationToken))
            {
                badPages.Add(page.Path, page.Block, page.Lsn);
            }
        }
    }

    private static async Task<bool> IsWholeNowAsync(NpgsqlConnection connection, string path, long offset, uint block, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await using var command = new NpgsqlCommand("select pg_read_binary_file($1, $2, $3, true)", connection)
            {
                Parameters = { new() { Value = path }, new() { Value = offset }, new() { Value = (long)PageFormat.Size } },
            };
            // A file or page that is gone was cut or dropped meanwhile; replay does the same.
            if (await command.ExecuteScalarAsync(cancellationToken) is not byte[] { Length: PageFormat.Size } page || PageFormat.IsValid(page, block))
            {
                return true;
            }
        }

        return false;
    }
}

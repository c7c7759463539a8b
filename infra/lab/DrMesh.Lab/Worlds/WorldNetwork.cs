using System.Globalization;

namespace DrMesh.Lab.Worlds;

/// <summary>A world's addresses: one for each region, where its database has the same port in all of them, as in production. A DNS answer is then enough to find one.</summary>
internal sealed record WorldNetwork
{
    /// <summary>The network's first three bytes, such as <c>127.31.7</c>.</summary>
    public required string Prefix { get; init; }

    /// <summary>Whom the servers let in, as PostgreSQL and PowerDNS write it.</summary>
    public required string Clients { get; init; }

    /// <summary>The port of every database.</summary>
    public required int DatabasePort { get; init; }

    /// <summary>The name server's address.</summary>
    public required string NameAddress { get; init; }

    /// <summary>The name server's port.</summary>
    public required int NamePort { get; init; }

    /// <summary>The port of its HTTP interface.</summary>
    public required int NameApiPort { get; init; }

    /// <summary>A region's address, by its number from 1.</summary>
    public string RegionAddress(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}.{number}");
}

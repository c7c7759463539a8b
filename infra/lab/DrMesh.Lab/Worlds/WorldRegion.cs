using DrMesh.Contracts.Regions;
using DrMesh.Engines.PostgreSql.Hosting;

namespace DrMesh.Lab.Worlds;

/// <summary>One region of a world.</summary>
internal sealed record WorldRegion
{
    /// <summary>Its name.</summary>
    public required RegionId Id { get; init; }

    /// <summary>Where it is, for people.</summary>
    public required string Title { get; init; }

    /// <summary>Its name in short, such as <c>us</c>.</summary>
    public required string Part { get; init; }

    /// <summary>Its database's name within the cluster.</summary>
    public string Member => $"orders-{Part}";

    /// <summary>Its loopback address.</summary>
    public required string Address { get; init; }

    /// <summary>Its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Its one node; <c>mesh up</c> names it so.</summary>
    public NodeId Node => new(Id, "node-1");

    /// <summary>Its file tree.</summary>
    public string Files => Path.Combine(Folder, "uploads");

    /// <summary>Its database server.</summary>
    public PostgresInstance Instance => new(PostgresInstall.Find(), Path.Combine(Folder, "data"));

    /// <summary>The three every world has; the first is the primary's.</summary>
    public static IReadOnlyList<WorldRegion> Three(WorldFolder folder, WorldNetwork network)
    {
        return [New(1, "us-east-1", "N. Virginia", "us"), New(2, "eu-west-1", "Ireland", "eu"), New(3, "ap-southeast-1", "Singapore", "ap")];

        WorldRegion New(int number, string name, string title, string part) => new()
        {
            Id = new RegionId(name), Title = title, Part = part, Address = network.RegionAddress(number), Folder = folder.Region(name),
        };
    }
}

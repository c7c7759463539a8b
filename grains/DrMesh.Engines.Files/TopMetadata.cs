using System.Globalization;
using DrMesh.Engines.Files.Posix;

namespace DrMesh.Engines.Files;

/// <summary>Mode and owner of a tree's top, which is no path of the backup: kept as the fact <c>0750 alice:staff</c>.</summary>
internal sealed record TopMetadata(UnixFileMode Mode, string Owner, string Group)
{
    public static TopMetadata Of(TreeRoot root)
    {
        using var handle = root.OpenName("");
        var status = FileStatus.Of(handle);
        var names = new OwnerNames();
        return new TopMetadata(status.Mode, names.User(status.User), names.Group(status.Group));
    }

    /// <summary>Reads the fact; null when it says nothing usable.</summary>
    public static TopMetadata? Parse(string? fact)
    {
        var parts = fact?.Split(' ', ':') ?? [];
        if (parts.Length != 3 || parts[0].Length is 0 or > 4 || parts[0].AsSpan().ContainsAnyExceptInRange('0', '7'))
        {
            return null;
        }

        return new TopMetadata((UnixFileMode)Convert.ToInt32(parts[0], 8), parts[1], parts[2]);
    }

    public override string ToString() => $"{Convert.ToString((int)Mode, 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture)} {Owner}:{Group}";
}

using System.Globalization;
using System.Text.Json;

namespace DrMesh.Lab.Worlds;

/// <summary>Whose a world is: the process that made it, told apart by its start from a later one with the same id.</summary>
/// <param name="Pid">The process.</param>
/// <param name="StartedAt">When it started, in clock ticks after the system's start.</param>
/// <param name="Network">The world's loopback network, such as <c>127.31.7</c>.</param>
/// <param name="IsKept">Whether it outlives its maker on purpose (<c>--keep</c>).</param>
internal sealed record WorldOwner(int Pid, long StartedAt, string Network, bool IsKept)
{
    /// <summary>This process, for a world in <paramref name="network"/>.</summary>
    public static WorldOwner Self(string network) => new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0, network, false);

    /// <summary>Whether its maker lives.</summary>
    public bool IsAlive => StartOf(Pid) == StartedAt;

    /// <summary>Writes it down.</summary>
    public void Write(WorldFolder folder)
    {
        var beside = folder.Owner + ".new";
        File.WriteAllText(beside, JsonSerializer.Serialize(this));
        File.Move(beside, folder.Owner, overwrite: true);
    }

    /// <summary>Reads it; null: the folder has none, so its maker was ended right after it began or the folder is almost removed.</summary>
    public static WorldOwner? Read(WorldFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<WorldOwner>(File.ReadAllText(folder.Owner));
        }
        catch (Exception none) when (none is IOException or JsonException)
        {
            return null;
        }
    }

    // Field 22 of /proc/PID/stat, see proc(5); the second field, in brackets, may itself hold blanks and brackets.
    private static long? StartOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

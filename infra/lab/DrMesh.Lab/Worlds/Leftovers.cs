namespace DrMesh.Lab.Worlds;

/// <summary>What a killed run may have left where even its keeper was killed, or the machine lost power: the next start ends it.</summary>
internal static class Leftovers
{
    /// <summary>Ends every world whose maker is gone and that was not kept on purpose; returns their folders.</summary>
    public static async Task<IReadOnlyList<string>> EndAsync(TimeProvider time)
    {
        List<string> ended = [];
        foreach (var folder in WorldFolder.All())
        {
            if (WorldOwner.Read(folder) is { } owner ? !owner.IsKept && !owner.IsAlive : IsOld(folder, time))
            {
                await Reaper.ReapAsync(folder, time);
                ended.Add(folder.Path);
            }
        }

        return ended;
    }

    // A folder without an owner's record is being made at this moment, or was left by a maker that was ended at that moment.
    private static bool IsOld(WorldFolder folder, TimeProvider time) => time.GetUtcNow() - Directory.GetLastWriteTimeUtc(folder.Path) > TimeSpan.FromMinutes(1);
}

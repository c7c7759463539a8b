namespace DrMesh.Engines.Files.Posix;

/// <summary>A time as file systems keep it, to the nanosecond, since 1970 UTC.</summary>
internal readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    /// <summary>The same to 100 ns, held within what .NET can say.</summary>
    public DateTimeOffset ToDateTimeOffset() =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(Seconds, -62135596800, 253402300799)).AddTicks(Nanoseconds / 100);
}

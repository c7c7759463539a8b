using System.Globalization;

namespace DrMesh.Console.Output;

/// <summary>How byte counts are written for a person: three digits that count, in binary units.</summary>
internal static class ByteCount
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary><c>812 B</c>, <c>1.5 KiB</c>, <c>41.2 MiB</c>, <c>416 MiB</c>.</summary>
    public static string Of(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        var format = unit == 0 || value >= 100 ? "0" : "0.0";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}

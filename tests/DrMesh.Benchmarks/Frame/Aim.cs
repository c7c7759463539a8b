using System.Globalization;

namespace DrMesh.Benchmarks.Frame;

/// <summary>What a figure is meant to reach; the table says whether it does.</summary>
/// <param name="Sign"><c>≤</c> or <c>≥</c>.</param>
/// <param name="Limit">The limit, of the ratio to the peer or of the figure itself.</param>
/// <param name="IsOfRatio">Which of the two.</param>
internal sealed record Aim(string Sign, double Limit, bool IsOfRatio)
{
    /// <summary>At most so much of what the peer takes.</summary>
    public static Aim RatioAtMost(double limit) => new("≤", limit, true);

    /// <summary>At least so much of what the peer reaches.</summary>
    public static Aim RatioAtLeast(double limit) => new("≥", limit, true);

    /// <summary>At most so much, in the figure's unit.</summary>
    public static Aim AtMost(double limit) => new("≤", limit, false);

    /// <summary>The aim and how the figure stands to it: <c>ratio ≤ 0.6 missed</c>.</summary>
    public string Judge(Measurement figure)
    {
        var value = IsOfRatio ? figure.Ratio : figure.Ours;
        var isMet = value is { } known && (Sign == "≤" ? known <= Limit : known >= Limit);
        return string.Create(CultureInfo.InvariantCulture, $"{(IsOfRatio ? "ratio " : "")}{Sign} {Limit:0.##} {(value is null ? "not measured" : isMet ? "met" : "missed")}");
    }
}

using System.Globalization;

namespace DrMesh.Contracts.Databases;

/// <summary>A PostgreSQL timeline: one line of history; every promotion and every point-in-time recovery begins a new one.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.timeline-id")]
public readonly record struct TimelineId([property: Id(0)] uint Value) : IComparable<TimelineId>
{
    public static bool operator <(TimelineId left, TimelineId right) => left.Value < right.Value;

    public static bool operator >(TimelineId left, TimelineId right) => left.Value > right.Value;

    public static bool operator <=(TimelineId left, TimelineId right) => left.Value <= right.Value;

    public static bool operator >=(TimelineId left, TimelineId right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(TimelineId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

namespace DrMesh.Grains.Backups.Unified;

/// <summary>The labels a part of a unified backup carries: what it belongs to.</summary>
internal static class UnifiedLabels
{
    /// <summary>The application.</summary>
    public const string Application = "application";

    /// <summary>The unified backup.</summary>
    public const string Unified = "unified";
}

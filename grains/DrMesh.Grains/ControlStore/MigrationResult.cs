namespace DrMesh.Grains.ControlStore;

/// <summary>What a migration did.</summary>
/// <param name="From">The schema version found; 0: there was none.</param>
/// <param name="To">The schema version now.</param>
/// <param name="Applied">The scripts that ran, oldest first.</param>
internal sealed record MigrationResult(int From, int To, IReadOnlyList<string> Applied);

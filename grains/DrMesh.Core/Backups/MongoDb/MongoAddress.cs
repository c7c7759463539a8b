namespace DrMesh.Core.Backups.MongoDb;

/// <summary>How a set is reached.</summary>
/// <param name="ConnectionString">A <c>mongodb://</c> connection string. Holds the password: never logged, never shown; <see cref="ToString"/> leaves it out.</param>
public sealed record MongoAddress(string ConnectionString)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(MongoAddress);
}

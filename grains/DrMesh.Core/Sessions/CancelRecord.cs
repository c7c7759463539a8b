namespace DrMesh.Core.Sessions;

/// <summary>A person's request to cancel.</summary>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record CancelRecord(string By, string Reason, DateTimeOffset At);

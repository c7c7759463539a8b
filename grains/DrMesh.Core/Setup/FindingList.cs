using System.Collections.Immutable;

namespace DrMesh.Core.Setup;

/// <summary>Collects findings of one subject.</summary>
internal sealed class FindingList(string subject)
{
    private readonly ImmutableArray<SetupFinding>.Builder _findings = ImmutableArray.CreateBuilder<SetupFinding>();

    public void Good(string area, string message) => Add(FindingLevel.Good, area, message, null);

    public void Advice(string area, string message, string remedy) => Add(FindingLevel.Advice, area, message, remedy);

    public void Problem(string area, string message, string remedy) => Add(FindingLevel.Problem, area, message, remedy);

    /// <summary>A problem unless <paramref name="holds"/>; then it is said that all is well.</summary>
    public void Require(bool holds, string area, string good, string bad, string remedy) =>
        Add(holds ? FindingLevel.Good : FindingLevel.Problem, area, holds ? good : bad, holds ? null : remedy);

    public void AddRange(IEnumerable<SetupFinding> findings) => _findings.AddRange(findings);

    public ImmutableArray<SetupFinding> ToImmutable() => _findings.ToImmutable();

    private void Add(FindingLevel level, string area, string message, string? remedy) =>
        _findings.Add(new SetupFinding { Level = level, Area = area, Subject = subject, Message = message, Remedy = remedy });
}

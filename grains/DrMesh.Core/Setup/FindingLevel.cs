namespace DrMesh.Core.Setup;

/// <summary>How much a finding matters.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It works; it could be better.</summary>
    Advice,

    /// <summary>Something DrMesh does will fail, or a loss is possible that need not be.</summary>
    Problem,
}

namespace DrMesh.Contracts.Estate;

/// <summary>What a change does.</summary>
public enum EstateChangeKind
{
    /// <summary>Something new.</summary>
    Add,

    /// <summary>A value becomes another.</summary>
    Change,

    /// <summary>Something goes.</summary>
    Remove,
}

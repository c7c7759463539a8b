namespace DrMesh.Contracts.Estate;

/// <summary>What became of an apply.</summary>
public enum ApplyOutcome
{
    /// <summary>The file is the estate now.</summary>
    Applied,

    /// <summary>The estate was already what the file says.</summary>
    NothingToChange,

    /// <summary>The file has errors; nothing was changed.</summary>
    Refused,

    /// <summary>Somebody else applied something since the plan; nothing was changed.</summary>
    Conflict,
}

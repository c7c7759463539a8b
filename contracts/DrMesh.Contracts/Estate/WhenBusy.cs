namespace DrMesh.Contracts.Estate;

/// <summary>What happens when resources are short at the due time.</summary>
public enum WhenBusy
{
    /// <summary><c>delay</c>: it waits and tries again.</summary>
    Delay,

    /// <summary><c>fail</c>: it fails at once.</summary>
    Fail,
}

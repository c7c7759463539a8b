namespace DrMesh.Contracts.Errors;

/// <summary>
/// A fault with its code, a fact with its values, and the next action. Expected refusals are results, not exceptions.
/// </summary>
[GenerateSerializer, Alias("drmesh.exception")]
public class DrMeshException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">Which error it is.</param>
    /// <param name="message">One sentence: a fact with its values, without the next step.</param>
    /// <param name="hint">The next action of the person who reads it.</param>
    /// <param name="inner">What caused it, if anything did.</param>
    public DrMeshException(DrMeshError code, string message, string hint, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Hint = hint;
    }

    /// <summary>Which error it is.</summary>
    [Id(0)]
    public DrMeshError Code { get; private set; }

    /// <summary>The next action of the person who reads it.</summary>
    [Id(1)]
    public string Hint { get; private set; }
}

namespace DrMesh.Grains.Audit;

/// <summary>Who makes the call being served, as the silo's access check established it. What a caller says about itself proves nothing.</summary>
public interface ICallerIdentity
{
    /// <summary>The name the audit trail keeps, for example a token's holder, or <c>mesh</c> when the mesh acts of its own accord.</summary>
    string Actor { get; }
}

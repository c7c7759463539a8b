namespace DrMesh.Grains.Sessions;

/// <summary>Checked when a silo starts.</summary>
internal interface ISessionKindCheck
{
    /// <summary>Throws when a step has no runner or the table is not sound.</summary>
    void Check();
}

namespace DrMesh.Lab.Demo;

/// <summary>How a region looks from outside at one moment.</summary>
/// <param name="Region">Its name.</param>
/// <param name="Role">What its database says it is: <c>primary</c>, <c>standby</c>, <c>down</c>.</param>
/// <param name="LagBytes">A standby's distance to the primary; null: not known.</param>
/// <param name="IsAnswer">Whether the service's name answers with it.</param>
internal sealed record RegionSight(string Region, string Role, long? LagBytes, bool IsAnswer);

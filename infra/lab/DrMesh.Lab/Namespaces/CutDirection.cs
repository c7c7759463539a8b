namespace DrMesh.Lab.Namespaces;

/// <summary>Which way a region's line is cut.</summary>
internal enum CutDirection
{
    /// <summary>Nothing gets in or out.</summary>
    Both,

    /// <summary>Nothing gets in.</summary>
    In,

    /// <summary>Nothing gets out.</summary>
    Out,
}
